using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>A function as its method declares it.</summary>
/// <param name="Name">The name in <c>[Function]</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Trigger">The trigger's attribute.</param>
/// <param name="TriggerParameter">The parameter that carries it.</param>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, TriggerBindingAttribute Trigger, ParameterInfo TriggerParameter)
{
    /// <summary>The method's result once awaited; <see langword="void"/> when there is none.</summary>
    public Type ResultType { get; } = ResultOf(Method.ReturnType);

    public NotSupportedException NotSupported(string what) => new(Described(what));

    public InvalidOperationException Faulty(string what, Exception? innerException = null) => new(Described(what), innerException);

    private string Described(string what) => $"Function '{Name}' ({Method.DeclaringType}.{Method.Name}): {what}";

    private static Type ResultOf(Type declared)
    {
        if (declared == typeof(Task) || declared == typeof(ValueTask))
        {
            return typeof(void);
        }

        return declared.IsGenericType
            && (declared.GetGenericTypeDefinition() == typeof(Task<>) || declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? declared.GetGenericArguments()[0]
            : declared;
    }
}
