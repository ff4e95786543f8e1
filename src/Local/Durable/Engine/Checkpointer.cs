using FunctionsBroker.Local.Durable.Tables;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>Brings the instances' rows up to date, some time after they have changed.</summary>
/// <remarks>
/// Waiting a little saves most of the work: an entity is written once for many batches, and an orchestration that has
/// ended and been purged by then is never written at all.
/// </remarks>
internal sealed partial class Checkpointer : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private const int ParallelWrites = 4;

    private readonly SemaphoreSlim _oneRound = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly HubEngine _engine;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private bool _failing;
    private bool _unconfirmed;
    private int _disposed;

    public Checkpointer(EngineServices services, HubEngine engine)
    {
        _time = services.Time;
        _engine = engine;
        _logger = services.Loggers.CreateLogger<Checkpointer>();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Writes all that is behind now.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => RoundAsync(long.MaxValue, ParallelWrites, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync();
            await _loop;
            _stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(s_interval, _time);
        while (true)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stopping.Token);
                if (_engine.IsLogCrowded)
                {
                    await FlushAsync(_stopping.Token);
                }
                else
                {
                    long rested = _time.GetTimestamp() - (long)(s_rest.TotalSeconds * _time.TimestampFrequency);
                    await RoundAsync(rested, 1, _stopping.Token);
                }

                _failing = false;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (OwnershipLostException)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost: the log has it all, and the next round tries again.
                if (!_failing)
                {
                    _failing = true;
                    LogCannotWrite(exception, StorageFailure.IsTransient(exception));
                }
            }
        }
    }

    private async Task RoundAsync(long since, int parallelism, CancellationToken cancellationToken)
    {
        await _oneRound.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<string> dirty = _engine.Dirty(since);
            _unconfirmed |= dirty.Count > 0;
            ParallelOptions options = new() { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(dirty, options, async (id, token) => await _engine.CheckpointAsync(id, token));
            if (_unconfirmed)
            {
                await _engine.ConfirmAsync(cancellationToken);
                _unconfirmed = false;
            }

            _engine.Tidy();
        }
        finally
        {
            _oneRound.Release();
        }
    }

    [LoggerMessage(50, LogLevel.Warning, "Instances cannot be written to their rows now; that is tried again. Transient: {Transient}.")]
    private partial void LogCannotWrite(Exception exception, bool transient);
}
