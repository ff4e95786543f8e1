using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>Finds an app's functions and refuses, by name, those that this runtime could not run as Azure does.</summary>
internal static class FunctionScanner
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="InvalidOperationException">Two functions have one name, or one has no or several triggers.</exception>
    /// <exception cref="NotSupportedException">A function uses a feature that this runtime leaves out.</exception>
    public static IReadOnlyList<FunctionDescriptor> Scan(FunctionSource source)
    {
        var functions = source.Types
            .SelectMany(type => type.GetMethods(AnyMethod))
            .Select(method => (Method: method, Function: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(found => found.Function is not null)
            .Select(found => Describe(found.Function!.Name, found.Method))
            .ToList();

        var duplicate = functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (duplicate is not null)
        {
            var methods = string.Join(", ", duplicate.Select(function => $"{function.Method.DeclaringType}.{function.Method.Name}"));
            throw new InvalidOperationException($"More than one function is named '{duplicate.Key}': {methods}.");
        }

        return functions;
    }

    private static FunctionDescriptor Describe(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(found => found.Trigger is not null)
            .ToList();
        if (triggers is not [var only])
        {
            throw new InvalidOperationException($"Function '{name}' ({method.DeclaringType}.{method.Name}) must have exactly one trigger, and has {triggers.Count}.");
        }

        var function = new FunctionDescriptor(name, method, only.Trigger!, only.Parameter);
        RefuseUnsupported(function);
        return function;
    }

    private static void RefuseUnsupported(FunctionDescriptor function)
    {
        var method = function.Method;
        if (!method.IsPublic)
        {
            throw function.NotSupported("its method is not public, so the published SDK would not see it.");
        }

        if (method.ContainsGenericParameters || (!method.IsStatic && method.DeclaringType is { IsAbstract: true }))
        {
            throw function.NotSupported("a function cannot be generic, nor be an instance method of an abstract class.");
        }

        if (method.GetCustomAttribute<RetryAttribute>() is { } retry)
        {
            throw function.NotSupported($"[{retry.GetType().Name}] is not supported by the local runtime.");
        }

        if (function.Trigger is OrchestrationTriggerAttribute or EntityTriggerAttribute && OutputAttributes.Of(function).Any())
        {
            throw function.NotSupported("an orchestrator or entity function cannot have outputs.");
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                throw function.NotSupported($"parameter '{parameter.Name}' is passed by reference.");
            }

            if (parameter.GetCustomAttribute<InputBindingAttribute>() is { } input and not DurableClientAttribute)
            {
                throw function.NotSupported($"[{input.GetType().Name}] on parameter '{parameter.Name}' is not supported by the local runtime.");
            }
        }
    }
}
