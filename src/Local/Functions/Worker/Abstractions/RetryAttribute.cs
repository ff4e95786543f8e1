namespace Microsoft.Azure.Functions.Worker;

/// <summary>The root of the retry policies. This runtime knows of them only to refuse them by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public int MaxRetryCount { get; set; }
}
