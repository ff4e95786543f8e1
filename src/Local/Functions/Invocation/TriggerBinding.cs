using System.Collections.Immutable;
using System.Reflection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>What one kind of trigger brings to the parameters of its function.</summary>
internal abstract class TriggerBinding
{
    private protected static readonly IReadOnlyDictionary<string, object?> NoData = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Returns the binder of a parameter, or null when this trigger has nothing for it.</summary>
    /// <remarks>Called once per parameter at start.</remarks>
    public abstract ArgumentBinder? Bind(ParameterInfo parameter);

    /// <summary>Fills an invocation's context before middleware sees it.</summary>
    public virtual void Prepare(LocalFunctionContext context)
    {
    }

    /// <summary>Uses the result that function and middleware left.</summary>
    public virtual Task CompleteAsync(LocalFunctionContext context) => Task.CompletedTask;

    /// <summary>Returns the trigger's data by name, in any case.</summary>
    public virtual IReadOnlyDictionary<string, object?> GetBindingData(object trigger) => NoData;
}
