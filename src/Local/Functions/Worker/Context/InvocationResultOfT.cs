namespace Microsoft.Azure.Functions.Worker;

/// <summary>The result of an invocation, which middleware may read and replace.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}
