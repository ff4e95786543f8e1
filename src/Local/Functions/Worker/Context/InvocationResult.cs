namespace Microsoft.Azure.Functions.Worker;

/// <summary>The result of an invocation, which middleware may read and replace.</summary>
public abstract class InvocationResult : InvocationResult<object>;
