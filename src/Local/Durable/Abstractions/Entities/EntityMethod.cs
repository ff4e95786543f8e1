using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.DurableTask.Entities;

/// <summary>A method that serves an entity operation, looked up once per type and operation.</summary>
internal sealed class EntityMethod
{
    private static readonly ConcurrentDictionary<(Type Type, string Operation), EntityMethod?> s_methods = new();

    private readonly MethodInfo _method;
    private readonly ParameterInfo[] _parameters;
    private readonly PropertyInfo? _taskResult;

    private EntityMethod(MethodInfo method)
    {
        _method = method;
        _parameters = method.GetParameters();
        Type returned = method.ReturnType;
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>))
        {
            _taskResult = returned.GetProperty(nameof(Task<>.Result));
        }
        else if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            _taskResult = typeof(Task<>).MakeGenericType(returned.GetGenericArguments()).GetProperty(nameof(Task<>.Result));
        }
    }

    /// <exception cref="AmbiguousMatchException">The type has overloads of that name.</exception>
    public static EntityMethod? Find(Type type, string operation) => s_methods.GetOrAdd(
        (type, operation),
        static key => key.Type.GetMethod(
            key.Operation, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { } method
                ? new EntityMethod(method)
                : null);

    public async ValueTask<object?> InvokeAsync(object target, TaskEntityOperation operation)
    {
        object?[] arguments = Bind(operation);

        // DoNotWrapExceptions: the caller is to see the operation's own exception and stack.
        object? result = _method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        Task? task = result switch
        {
            Task returned => returned,
            ValueTask returned => returned.AsTask(),
            not null when _taskResult is not null => (Task?)result.GetType().GetMethod(nameof(ValueTask.AsTask))?.Invoke(result, null),
            _ => null,
        };
        if (task is null)
        {
            return result;
        }

        await task;
        return _taskResult?.GetValue(task);
    }

    private object?[] Bind(TaskEntityOperation operation)
    {
        object?[] arguments = new object?[_parameters.Length];
        ParameterInfo? input = null;
        ParameterInfo? context = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            ParameterInfo parameter = _parameters[i];
            if (parameter.ParameterType == typeof(TaskEntityContext))
            {
                ThrowIfBound(context, parameter, "context", operation);
                arguments[i] = operation.Context;
                context = parameter;
            }
            else
            {
                ThrowIfBound(input, parameter, "input", operation);
                arguments[i] = Input(operation, parameter);
                input = parameter;
            }
        }

        return arguments;
    }

    private object? Input(TaskEntityOperation operation, ParameterInfo parameter)
    {
        if (operation.HasInput)
        {
            return operation.GetInput(parameter.ParameterType);
        }

        return parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw new InvalidOperationException(
                $"Error dispatching {operation} to '{_method}'.\nThere was an error binding parameter '{parameter}'. "
                + "The operation expected an input value, but no input was provided by the caller.");
    }

    private void ThrowIfBound(ParameterInfo? bound, ParameterInfo parameter, string what, TaskEntityOperation operation)
    {
        if (bound is not null)
        {
            throw new InvalidOperationException(
                $"Error dispatching {operation} to '{_method}'.\nUnable to bind {what} to '{parameter}' because it has already "
                + $"been bound to parameter '{bound}'. Please remove the duplicate parameter.");
        }
    }
}
