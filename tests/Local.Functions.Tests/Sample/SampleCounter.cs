using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Sample;

public sealed class SampleCounter : TaskEntity<SampleCounterState>
{
    public int Add(int n) => State!.Value += n;

    public void Boom()
    {
        State!.Value = -1;
        throw new InvalidOperationException("entity boom");
    }

    [Function("Counter")]
    public Task RunFunctionAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    protected override SampleCounterState InitializeState(TaskEntityOperation entityOperation) => new();
}
