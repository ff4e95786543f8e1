using System.Linq.Expressions;
using System.Reflection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Calls a function's method without reflection.</summary>
internal static class MethodInvoker
{
    /// <summary>Compiles a method into a call on an instance (ignored when static) with boxed arguments.</summary>
    /// <returns>What the method returned, not awaited; null for <see langword="void"/>.</returns>
    public static Func<object?, object?[], object?> Compile(MethodInfo method)
    {
        var instance = Expression.Parameter(typeof(object), "instance");
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!),
            method,
            method.GetParameters().Select((parameter, index) =>
                Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType)));
        Expression body = method.ReturnType == typeof(void)
            ? Expression.Block(call, Expression.Constant(null))
            : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?, object?[], object?>>(body, instance, arguments).Compile();
    }
}
