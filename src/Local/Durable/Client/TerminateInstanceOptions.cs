namespace Microsoft.DurableTask.Client;

/// <param name="Output">What the terminated instance is to have as its output.</param>
/// <param name="Recursive">Whether sub-orchestrations are terminated as well.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
