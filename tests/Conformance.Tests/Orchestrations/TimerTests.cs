using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class TimerTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.DurableTimers + "#usage-for-delay", "A durable timer completes when its time has come.")]
    public async Task Timers_OfSeveralLengths_AllFire() => Assert.Equal(600, await Runs.ResultOfAsync<int>("SeveralTimers"));

    [Conformance(Sources.OrchestrationContext + "#CreateTimer", "A timer for a time that has passed fires at once.")]
    public async Task Timer_ForThePast_Fires() => Assert.Equal("fired", await Runs.ResultOfAsync<string>("PastTimer"));

    [Conformance(Sources.OrchestrationContext, "Cancelling a timer's token ends it as TaskCanceledException, and the run does not wait for it.")]
    public async Task Timer_Cancelled_Throws() => Assert.Equal("cancelled", await Runs.ResultOfAsync<string>("CancelledTimer"));

    [Conformance(Sources.DurableTimers + "#usage-for-timeout", "An event that comes before the timer wins.")]
    public async Task Timer_AgainstAnEventThatComes_Loses()
    {
        var id = await Runs.StartAsync("EventOrTimer", 3600);
        await Runs.RaiseAsync(id, "Answer", "event");

        Assert.Equal("event", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.DurableTimers, "A timer wins over an event that does not come.")]
    public async Task Timer_AgainstAnEventThatDoesNotCome_Wins() => Assert.Equal("timer", await Runs.ResultOfAsync<string>("EventOrTimer", 1));
}
