using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Timers;

/// <summary>Functions that time triggers.</summary>
public sealed class TimerFunctions(Journal journal)
{
    [Function("EverySecond")]
    public void EverySecond([TimerTrigger("* * * * * *")] TimerInfo timer) =>
        journal.Add("timer-second", $"{timer.IsPastDue} {timer.ScheduleStatus is null}");

    [Function("EveryTwoSeconds")]
    public void EveryTwoSeconds([TimerTrigger("%EveryTwoSeconds%")] TimerInfo timer) => journal.Add("timer-two", $"{timer.IsPastDue}");

    [Function("OnStartup")]
    public void OnStartup([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => journal.Add(
        "timer-startup", $"{timer.IsPastDue} {timer.ScheduleStatus?.Next:yyyy-MM-dd HH:mm:ss}");

    [Function("NotOnStartup")]
    public void NotOnStartup([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => journal.Add("timer-not-startup", $"{timer.IsPastDue}");

    [Function("ByTimeSpan")]
    public void ByTimeSpan([TimerTrigger("00:00:02", UseMonitor = false)] TimerInfo timer) =>
        journal.Add("timer-span", $"{timer.ScheduleStatus is null}");
}
