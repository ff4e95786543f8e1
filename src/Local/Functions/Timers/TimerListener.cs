using FunctionsBroker.Local.Functions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>Runs a timer function on its schedule: one run at a time, and one run for however many occurrences were missed while the host was down.</summary>
/// <remarks>The real host also elects one of several instances to run a timer; the local one is the only instance.</remarks>
internal sealed partial class TimerListener(
    string functionName,
    TimerSchedule schedule,
    bool runOnStartup,
    ScheduleMonitor? monitor,
    Func<TimerInfo, CancellationToken, Task> runAsync,
    TimeProvider time,
    ILogger logger) : IFunctionListener
{
    // A timer cannot wait for more than about 49 days; a schedule can.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelled = new();
    private Task _running = Task.CompletedTask;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public void Start() => _running = ListenAsync();

    public void StopIntake() => _stopping.Cancel();

    public void CancelRunning() => _cancelled.Cancel();

    public Task DrainAsync() => _running;

    public void Dispose()
    {
        _stopping.Dispose();
        _cancelled.Dispose();
    }

    private async Task ListenAsync()
    {
        await Task.Yield();
        try
        {
            var status = await RestoreAsync();
            var isPastDue = status.Next < Now;
            if (isPastDue || runOnStartup)
            {
                status = await RunAsync(status, isPastDue);
            }

            while (true)
            {
                await WaitUntilAsync(status.Next);
                status = await RunAsync(status, isPastDue: false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Returns the status to go on from; its <c>Next</c> is in the past if an occurrence was missed.</summary>
    private async Task<ScheduleStatus> RestoreAsync()
    {
        var kept = await ReadAsync();
        if (kept is not null)
        {
            var expected = schedule.NextAfter(kept.Last == default ? kept.LastUpdated : kept.Last);
            if (kept.Next == expected)
            {
                return kept;
            }

            // Another schedule than when it was kept: what the old one missed is no matter.
            return await KeepAsync(expected > Now
                ? new ScheduleStatus { Next = expected, LastUpdated = kept.Last == default ? kept.LastUpdated : kept.Last }
                : new ScheduleStatus { Next = schedule.NextAfter(Now), LastUpdated = Now });
        }

        return await KeepAsync(new ScheduleStatus { Next = schedule.NextAfter(Now), LastUpdated = Now });
    }

    // As on the real host, a run that takes longer than the interval is followed at once by the one occurrence that came
    // meanwhile, which is not past due.
    private async Task<ScheduleStatus> RunAsync(ScheduleStatus status, bool isPastDue)
    {
        var started = Now;
        await RunFunctionAsync(new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = monitor is null ? null : status });
        return await KeepAsync(new ScheduleStatus { Last = started, Next = schedule.NextAfter(started), LastUpdated = started });
    }

    private async Task RunFunctionAsync(TimerInfo timer)
    {
        try
        {
            await runAsync(timer, _cancelled.Token);
        }
        catch (Exception)
        {
            // The executor has logged it; the schedule goes on.
        }
    }

    private async Task WaitUntilAsync(DateTime due)
    {
        for (var left = due - Now; left > TimeSpan.Zero; left = due - Now)
        {
            await Task.Delay(left < s_longestWait ? left : s_longestWait, time, _stopping.Token);
        }

        _stopping.Token.ThrowIfCancellationRequested();
    }

    private async Task<ScheduleStatus?> ReadAsync()
    {
        try
        {
            return monitor is null ? null : await monitor.ReadAsync(_stopping.Token);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            LogStatusLost(exception, functionName);
            return null;
        }
    }

    private async Task<ScheduleStatus> KeepAsync(ScheduleStatus status)
    {
        try
        {
            await (monitor?.WriteAsync(status, _cancelled.Token) ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogStatusLost(exception, functionName);
        }

        return status;
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Warning, Message = "The schedule status of timer '{FunctionName}' could not be kept; a missed occurrence may go unnoticed")]
    private partial void LogStatusLost(Exception exception, string functionName);
}
