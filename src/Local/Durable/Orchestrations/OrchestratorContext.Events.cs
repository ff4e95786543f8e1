using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Orchestrations;

internal sealed partial class OrchestratorContext
{
    // An event goes to the wait begun last, even if that one has been cancelled meanwhile: the event is then gone. Events
    // that nobody ever waited for are kept in order. Both are how the published worker does it.
    private readonly Dictionary<string, Stack<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent.EventRaised> _unclaimed = [];
    private ContinueAsNewOptions? _continueAsNew;

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        EventWaiter<T> waiter = new(Converter, cancellationToken);
        if (!_waiters.TryGetValue(eventName, out Stack<EventWaiter>? waiting))
        {
            waiting = _waiters[eventName] = new Stack<EventWaiter>();
        }
        else if (waiting.TryPeek(out EventWaiter? other) && other.PayloadType != typeof(T))
        {
            throw new ArgumentException(
                "Events with the same name must have the same type argument. Expected"
                + $" {other.PayloadType.FullName} but was requested {typeof(T).FullName}.");
        }

        int early = _unclaimed.FindIndex(raised => SameEvent(raised.Name, eventName));
        if (early >= 0)
        {
            waiter.Receive(_unclaimed[early].Payload);
            _unclaimed.RemoveAt(early);
        }
        else
        {
            waiting.Push(waiter);
        }

        return waiter.Completion;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        EntityIds.CheckedOrchestration(instanceId, nameof(instanceId));
        Plan(
            new HistoryEvent.EventSent(NewTaskId(), instanceId, eventName),
            new Message.EventSubmitted(instanceId, eventName, Converter.Serialize(payload)));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _continueAsNew = options;
    }

    /// <summary>The next execution, if the code asked for one.</summary>
    public Continuation? Continuation()
    {
        if (_continueAsNew is not { } options)
        {
            return null;
        }

        OrchestrationStart next = _start with
        {
            Execution = NewGuid().ToString("N"),
            Version = string.IsNullOrWhiteSpace(options.NewVersion) ? _start.Version : options.NewVersion,
            Input = Converter.Serialize(options.NewInput),
            CreatedAt = Clock,
        };
        return new Continuation(next, options.PreserveUnprocessedEvents ? [.. _unclaimed] : []);
    }

    private void Receive(HistoryEvent.EventRaised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out Stack<EventWaiter>? waiting) && waiting.TryPop(out EventWaiter? waiter))
        {
            waiter.Receive(raised.Payload);
        }
        else
        {
            _unclaimed.Add(raised);
        }
    }

    private static bool SameEvent(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
