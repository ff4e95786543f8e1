using System.Reflection;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>The types whose methods are searched for functions.</summary>
internal sealed record FunctionSource(IReadOnlyList<Type> Types)
{
    public static FunctionSource Of(Assembly assembly) => new(assembly.GetTypes());

    public static FunctionSource Of(params Type[] types) => new(types);
}
