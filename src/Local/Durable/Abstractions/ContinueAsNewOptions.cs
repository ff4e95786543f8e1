namespace Microsoft.DurableTask;

/// <summary>How an orchestration restarts itself with an empty history.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    /// <summary>Whether events that were received but not waited for go to the next execution. Default: true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Null or blank keeps the version.</summary>
    public string? NewVersion { get; set; }
}
