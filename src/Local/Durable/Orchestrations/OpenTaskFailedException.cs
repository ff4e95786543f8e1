using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>Carries a failure to the call that knows which public exception it becomes.</summary>
internal sealed class OpenTaskFailedException(TaskFailureDetails failure) : Exception(failure.ErrorMessage)
{
    public TaskFailureDetails Failure { get; } = failure;
}
