using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the runtime knows of a function.</summary>
public abstract class FunctionDefinition
{
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    public abstract string PathToAssembly { get; }

    /// <summary>The method, as <c>Namespace.Type.Method</c>.</summary>
    public abstract string EntryPoint { get; }

    public abstract string Id { get; }

    public abstract string Name { get; }

    /// <summary>The trigger and the inputs, by parameter name.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>The outputs, by property name; <c>$return</c> is the method's own result.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}
