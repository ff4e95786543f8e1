using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Usage;

/// <summary>Adds up what turns use, by day and profile, and writes the sums soon after they have changed.</summary>
/// <remarks>
/// The rows belong to this run of the host alone, so a write needs no read, and sums of many turns go out as one write. A
/// host that is killed takes with it what the last fraction of a second has added. Thread-safe.
/// </remarks>
internal sealed partial class UsageLedger(IUsageStore store, SessionHostOptions options, TimeProvider time, ILogger<UsageLedger> logger) : BackgroundService
{
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly string _writer = $"{options.HostId}~{Guid.NewGuid():N}";
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Dictionary<(DateOnly Day, string Profile), UsageTotals> _sums = [];
    private HashSet<(DateOnly Day, string Profile)> _unwritten = [];

    public void Add(string profile, UsageTotals usage)
    {
        if (usage == UsageTotals.None)
        {
            return;
        }

        var key = (DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), profile);
        lock (_lock)
        {
            _sums[key] = _sums.GetValueOrDefault(key, UsageTotals.None).Plus(usage);
            if (!_unwritten.Add(key) || _unwritten.Count > 1)
            {
                return;
            }
        }

        _changed.Release();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                await Task.Delay(s_gathering, time, stoppingToken);
                if (!await WriteAsync(stoppingToken))
                {
                    await Task.Delay(s_retry, time, stoppingToken);
                    _changed.Release();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is left is written by StopAsync.
        }
    }

    /// <returns>False when something could not be written and is to be tried again.</returns>
    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        HashSet<(DateOnly Day, string Profile)> changed;
        List<UsageRecord> rows;
        lock (_lock)
        {
            (changed, _unwritten) = (_unwritten, []);
            rows = [.. changed.Select(key => new UsageRecord(key.Day, key.Profile, _writer) { Totals = _sums[key] })];
        }

        try
        {
            foreach (var row in rows)
            {
                await store.SaveAsync(row, cancellationToken);
            }

            return true;
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _unwritten.UnionWith(changed);
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                LogNotWritten(logger, exception);
            }

            return false;
        }
    }

    [LoggerMessage(EventIds.UsageNotWritten, LogLevel.Warning, "What turns have used could not be written; it is tried again")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);
}
