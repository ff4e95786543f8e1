namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which attempt of a function's retry policy an invocation is.</summary>
public abstract class RetryContext
{
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
