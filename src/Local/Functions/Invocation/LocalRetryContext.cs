using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>The retry context of a function without a retry policy.</summary>
internal sealed class LocalRetryContext : RetryContext
{
    public static LocalRetryContext None { get; } = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}
