namespace Microsoft.Azure.Functions.Worker;

/// <summary>One binding of a function.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }

    /// <summary>The binding's kind, for example <c>httpTrigger</c> or <c>queue</c>.</summary>
    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}
