using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Instances;

internal static class RuntimeStatusExtensions
{
    public static bool IsTerminal(this OrchestrationRuntimeStatus status) => status is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed
        or OrchestrationRuntimeStatus.Terminated;
}
