using Azure.Data.Tables;
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

    /// <exception cref="InvalidOperationException">The schedule is malformed or its setting is missing.</exception>
    public IFunctionListener Create(FunctionDescriptor descriptor, CompiledFunction function, FunctionExecutor executor)
    {
        var trigger = (TimerTriggerAttribute)descriptor.Trigger;
        var schedule = Parse(descriptor, trigger);
        var monitored = trigger.UseMonitor && schedule.MayBeMonitored(time.GetUtcNow().UtcDateTime);
        return new TimerListener(
            descriptor.Name,
            schedule,
            trigger.RunOnStartup,
            monitored ? new ScheduleMonitor(new TableClient(settings.GetConnectionString(null), TableName), descriptor.Name) : null,
            (timer, cancellationToken) => executor.ExecuteAsync(function, timer, cancellationToken),
            time,
            loggers.CreateLogger("Host.Timers"));
    }

    private TimerSchedule Parse(FunctionDescriptor descriptor, TimerTriggerAttribute trigger)
    {
        try
        {
            return TimerSchedule.Parse(settings.Resolve(trigger.Schedule));
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException($"Function '{descriptor.Name}': the schedule {exception.Message}", exception);
        }
    }
}
