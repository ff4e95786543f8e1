namespace Microsoft.Azure.Functions.Worker;

/// <summary>The trigger's data of an invocation.</summary>
public abstract class BindingContext
{
    /// <summary>The trigger's data by name, in any case: route and query values, or a queue message's metadata.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
