using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>A counting entity with an operation for every rule that operations obey.</summary>
public sealed class Tally : TaskEntity<TallyState>
{
    public int Add(int amount)
    {
        State.Value += amount;
        State.Log.Add($"add {amount}");
        return State.Value;
    }

    public async Task<int> AddSlowlyAsync(int amount)
    {
        await Task.Yield();
        State.Value += amount;
        return State.Value;
    }

    public TallyState Get() => State;

    public void Reset() => State = new TallyState();

    public void Forget() => State = null!;

    public string WhoAmI(TaskEntityContext context) => $"{context.Id} {Context.Id.Name} {Context.Id.Key}";

    /// <summary>Changes the state, signals, starts an orchestration, and fails: nothing of it may happen.</summary>
    public void SpoilAndFail(string other)
    {
        State.Value = -1;
        Context.SignalEntity(new EntityInstanceId(nameof(Tally), other), nameof(Add), 1);
        Context.ScheduleNewOrchestration("Describe", null, new StartOrchestrationOptions($"spoilt-{other}"));
        throw new InvalidOperationException("spoilt", new FormatException("the cause"));
    }

    public void Tell(string other) => Context.SignalEntity(new EntityInstanceId(nameof(Tally), other), nameof(Add), 7);

    public void TellLater(string other) => Context.SignalEntity(
        new EntityInstanceId(nameof(Tally), other), nameof(Add), 8, new SignalEntityOptions { SignalTime = TimeProvider.System.GetUtcNow().AddSeconds(3) });

    public string Begin(string instanceId) =>
        Context.ScheduleNewOrchestration("Describe", "from an entity", new StartOrchestrationOptions(instanceId));

    public string BeginUnnamed() => Context.ScheduleNewOrchestration("Describe");

    [Function(nameof(Tally))]
    public Task RunEntityAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    protected override TallyState InitializeState(TaskEntityOperation entityOperation) => new() { Log = { "initialized" } };
}
