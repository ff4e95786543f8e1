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
            if (status.Next <= Now)
            {
                status = await RunAsync(status, isPastDue: true);
            }
            else if (runOnStartup)
            {
                status = await RunAsync(status, isPastDue: false);
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
        }

        // New, or with another schedule than when it was kept: what the old one missed is no matter.
        var now = Now;
        var status = new ScheduleStatus { Last = kept?.Last ?? default, Next = schedule.NextAfter(now), LastUpdated = now };
        await WriteAsync(status);
        return status;
    }

    private async Task<ScheduleStatus> RunAsync(ScheduleStatus status, bool isPastDue)
    {
        var started = Now;
        await RunFunctionAsync(new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = monitor is null ? null : status });

        // A run that took longer than the interval does not make the next ones past due.
        var now = Now;
        var last = status.Next <= started ? status.Next : started;
        var next = schedule.NextAfter(last);
        if (next <= now)
        {
            last = now;
            next = schedule.NextAfter(now);
        }

        var updated = new ScheduleStatus { Last = last, Next = next, LastUpdated = now };
        await WriteAsync(updated);
        return updated;
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

    private async Task WriteAsync(ScheduleStatus status)
    {
        try
        {
            await (monitor?.WriteAsync(status, _cancelled.Token) ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogStatusLost(exception, functionName);
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Warning, Message = "The schedule status of timer '{FunctionName}' could not be kept; a missed occurrence may go unnoticed")]
    private partial void LogStatusLost(Exception exception, string functionName);
}
