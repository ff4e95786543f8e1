using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.CrashApp;

/// <summary>An entity that starts an orchestration for every operation, and tells another entity.</summary>
internal sealed class Launcher : TaskEntity<int>
{
    public int Launch(int number)
    {
        Context.ScheduleNewOrchestration("Launched", number, new StartOrchestrationOptions($"launched-{number}"));
        Context.SignalEntity(Workload.Tally("launches"), nameof(Tally.Add), 1);
        return ++State;
    }
}
