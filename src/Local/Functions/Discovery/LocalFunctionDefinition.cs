using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>A function as middleware sees it.</summary>
internal sealed class LocalFunctionDefinition(FunctionDescriptor function) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Method.GetParameters().Select(parameter => new FunctionParameter(
            parameter.Name!, parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];

    public override string PathToAssembly { get; } = function.Method.Module.FullyQualifiedName;

    public override string EntryPoint { get; } = $"{function.Method.DeclaringType}.{function.Method.Name}";

    public override string Id { get; } = IdOf(function);

    public override string Name => function.Name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = InputsOf(function);

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = OutputsOf(function);

    private static string IdOf(FunctionDescriptor function)
    {
        var identity = Encoding.UTF8.GetBytes($"{function.Name}|{function.Method.DeclaringType}.{function.Method.Name}");
        return Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 8));
    }

    private static ImmutableDictionary<string, BindingMetadata> InputsOf(FunctionDescriptor function) =>
        function.Method.GetParameters()
            .Select(parameter => (Parameter: parameter, Binding: parameter.GetCustomAttribute<BindingAttribute>()))
            .Where(found => found.Binding is not null)
            .ToImmutableDictionary(
                found => found.Parameter.Name!,
                found => (BindingMetadata)new LocalBindingMetadata(found.Parameter.Name!, KindOf(found.Binding!), BindingDirection.In));

    private static ImmutableDictionary<string, BindingMetadata> OutputsOf(FunctionDescriptor function)
    {
        var outputs = ImmutableDictionary.CreateBuilder<string, BindingMetadata>();
        foreach (var (name, attribute) in OutputAttributes.Of(function))
        {
            outputs[name] = new LocalBindingMetadata(name, KindOf(attribute), BindingDirection.Out);
        }

        if (function.Trigger is HttpTriggerAttribute && outputs.Values.All(output => output.Type != "http"))
        {
            outputs.TryAdd(OutputAttributes.ReturnName, new LocalBindingMetadata(OutputAttributes.ReturnName, "http", BindingDirection.Out));
        }

        return outputs.ToImmutable();
    }

    // The kinds are those of function.json: the attribute's name in camel case, without the word for its direction.
    private static string KindOf(BindingAttribute attribute)
    {
        if (attribute is HttpResultAttribute)
        {
            return "http";
        }

        var name = attribute.GetType().Name;
        return char.ToLowerInvariant(name[0])
            + name[1..].Replace("Attribute", null, StringComparison.Ordinal).Replace("Output", null, StringComparison.Ordinal);
    }
}
