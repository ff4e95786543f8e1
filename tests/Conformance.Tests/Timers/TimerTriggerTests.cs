using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Timers;

public sealed class TimerTriggerTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.TimerTrigger + "#ncrontab-expressions", "A schedule of six fields begins with seconds.")]
    public async Task Schedule_OfSixFields_CountsSeconds()
    {
        var runs = await Journal.WaitAsync("timer-second", 4);

        Assert.InRange(runs[3].At - runs[1].At, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.All(runs, run => Assert.StartsWith("False", run.Text, StringComparison.Ordinal));
    }

    [Conformance(Sources.TimerTrigger + "#attributes", "A schedule may be an app setting between percent signs.")]
    public async Task Schedule_OfASetting_Runs()
    {
        var runs = await Journal.WaitAsync("timer-two", 3);

        Assert.InRange(runs[2].At - runs[1].At, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Conformance(Sources.TimerTrigger + "#attributes", "With RunOnStartup a function runs when the host starts, and knows its schedule's next time.")]
    public async Task RunOnStartup_Set_RunsAtOnce()
    {
        var run = (await Journal.WaitAsync("timer-startup"))[0];

        Assert.Equal($"False {run.At.Year + 1}-01-01 00:00:00", run.Text);
    }

    [Conformance(Sources.TimerTrigger + "#attributes", "Without RunOnStartup a function does not run before its time.")]
    public async Task RunOnStartup_NotSet_Waits()
    {
        await Journal.WaitAsync("timer-startup");
        await Journal.WaitAsync("timer-second", 2);

        Assert.Empty(await Journal.ReadAsync("timer-not-startup"));
    }

    [Conformance(Sources.TimerTrigger + "#timespan", "A schedule may be a time span between runs; without a monitor there is no schedule status.")]
    public async Task Schedule_OfATimeSpan_RunsAtItsInterval()
    {
        var runs = await Journal.WaitAsync("timer-span", 3);

        Assert.True(runs[2].At - runs[1].At >= TimeSpan.FromSeconds(1.5));
        Assert.All(runs, run => Assert.Equal("True", run.Text));
    }

    [Conformance(Sources.TimerTrigger + "#attributes", "A schedule that is faster than once a minute is not monitored.")]
    public async Task Monitor_OfAFastSchedule_IsOff() =>
        Assert.All(await Journal.WaitAsync("timer-second"), run => Assert.EndsWith("True", run.Text, StringComparison.Ordinal));
}
