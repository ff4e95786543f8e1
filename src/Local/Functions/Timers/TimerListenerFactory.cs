using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Hosting;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>Makes the listeners of timer functions.</summary>
internal sealed class TimerListenerFactory(AppSettings settings, TimeProvider time, ILoggerFactory loggers)
{
    private const string TableName = "AzureWebJobsTimers";
    private const string TimeZoneSetting = "WEBSITE_TIME_ZONE";

    /// <exception cref="InvalidOperationException">The schedule is malformed, or a setting is missing or wrong.</exception>
    public IFunctionListener Create(FunctionDescriptor descriptor, CompiledFunction function, FunctionExecutor executor)
    {
        var trigger = (TimerTriggerAttribute)descriptor.Trigger;
        var schedule = Parse(trigger.Schedule);
        var monitored = trigger.UseMonitor && schedule.MayBeMonitored(time.GetUtcNow().UtcDateTime);
        return new TimerListener(
            descriptor.Name,
            schedule,
            trigger.RunOnStartup,
            monitored ? new ScheduleMonitor(settings.GetStorage(null).CreateTables().GetTableClient(TableName), descriptor.Name) : null,
            (timer, cancellationToken) => executor.ExecuteAsync(function, timer, cancellationToken),
            time,
            loggers.CreateLogger("Host.Timers"));
    }

    private TimerSchedule Parse(string declared)
    {
        var text = settings.Resolve(declared);
        try
        {
            return TimerSchedule.Parse(text, FindTimeZone());
        }
        catch (FormatException exception)
        {
            var origin = text == declared ? string.Empty : $" of '{declared}'";
            throw new InvalidOperationException($"the schedule{origin} {exception.Message}", exception);
        }
    }

    // In Azure the platform sets the process's zone from this setting; without it, schedules are in UTC.
    private TimeZoneInfo FindTimeZone()
    {
        if (settings.Find(TimeZoneSetting) is not { Length: > 0 } name)
        {
            return TimeZoneInfo.Utc;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new InvalidOperationException($"the setting {TimeZoneSetting} is \"{name}\", which is no time zone of this machine.");
    }
}
