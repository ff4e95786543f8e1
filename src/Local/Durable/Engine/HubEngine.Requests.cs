using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Engine;

// What clients ask of the engine.
internal sealed partial class HubEngine
{
    /// <summary>Sends a message to an instance. It is durable when this returns.</summary>
    /// <param name="refuse">Judges the instance as it is at the moment at which the message would reach it.</param>
    public async Task SubmitAsync(Message message, Func<InstanceDocument, Exception?> refuse, CancellationToken cancellationToken)
    {
        LogEntry.MessagesAccepted entry = new() { Messages = [message] };
        byte[] serialized = LogEntry.Serialize(entry);
        using Pin pin = await PinAsync(message.To, cancellationToken);
        Task durable;
        lock (_gate)
        {
            ThrowIfStopped();
            if (refuse(pin.Instance.Document ?? InstanceDocument.Empty) is { } refusal)
            {
                throw refusal;
            }

            durable = Commit(entry, serialized);
        }

        await durable.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a message that no state of its receiver speaks against, and which need not be read for that.</summary>
    /// <param name="isNew">Whether it is certain that the receiver does not exist yet.</param>
    public Task SubmitAsync(Message message, bool isNew, CancellationToken cancellationToken)
    {
        LogEntry.MessagesAccepted entry = new() { Messages = [message] };
        byte[] serialized = LogEntry.Serialize(entry);
        lock (_gate)
        {
            ThrowIfStopped();
            if (isNew)
            {
                Instance(message.To).Loaded(null);
            }

            return Commit(entry, serialized).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Removes an instance with everything known of it.</summary>
    /// <returns>False if it is not there or has not ended.</returns>
    public async Task<bool> PurgeAsync(string id, Func<InstanceDocument, bool> mayPurge, CancellationToken cancellationToken)
    {
        bool purged = false;
        LogEntry.InstancePurged entry = new(id);
        byte[] serialized = LogEntry.Serialize(entry);
        using Pin pin = await PinAsync(id, cancellationToken);
        Task durable = Task.CompletedTask;
        lock (_gate)
        {
            if (pin.Instance.Document is { } document && mayPurge(document))
            {
                ThrowIfStopped();
                durable = Commit(entry, serialized);
                purged = true;
            }
        }

        await durable.WaitAsync(cancellationToken);
        return purged;
    }

    /// <summary>The instance as it durably is.</summary>
    public Task<InstanceDocument> ReadAsync(string id, CancellationToken cancellationToken) =>
        WaitAsync(id, static _ => true, cancellationToken);

    /// <summary>The instance as soon as <paramref name="condition"/> durably holds of it.</summary>
    public async Task<InstanceDocument> WaitAsync(string id, Predicate<InstanceDocument> condition, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        using Pin pin = await PinAsync(id, cancellationToken);
        LiveInstance instance = pin.Instance;
        while (true)
        {
            Task durable;
            Task changed;
            InstanceDocument document;
            lock (_gate)
            {
                document = instance.Document ?? InstanceDocument.Empty;
                durable = instance.Durable;
                changed = condition(document) ? Task.CompletedTask : instance.NextChange();
            }

            try
            {
                await changed.WaitAsync(either.Token);
                if (changed == Task.CompletedTask)
                {
                    await durable.WaitAsync(either.Token);
                    return document;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new OwnershipLostException("The task hub has been stopped.");
            }
        }
    }

    /// <summary>Brings the rows of all instances up to date, so that a query sees what has been committed.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _checkpointer.FlushAsync(cancellationToken);

    private async Task<Pin> PinAsync(string id, CancellationToken cancellationToken)
    {
        Pin pin;
        lock (_gate)
        {
            ThrowIfStopped();
            pin = new Pin(this, Instance(id));
        }

        try
        {
            await LoadAsync(pin.Instance).WaitAsync(cancellationToken);
            return pin;
        }
        catch (Exception exception)
        {
            pin.Dispose();
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new OwnershipLostException("The task hub has been stopped.", exception);
            }

            throw;
        }
    }

    private void ThrowIfStopped()
    {
        if (!_accepting)
        {
            throw new OwnershipLostException("The task hub has been stopped.");
        }
    }

    // Keeps an instance in memory while a client looks at it.
    private readonly struct Pin : IDisposable
    {
        private readonly HubEngine _engine;

        public Pin(HubEngine engine, LiveInstance instance)
        {
            _engine = engine;
            Instance = instance;
            instance.Pins++;
        }

        public LiveInstance Instance { get; }

        public void Dispose()
        {
            lock (_engine._gate)
            {
                Instance.Pins--;
            }
        }
    }
}
