using System.Reflection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Awaits what a function's method returned, whatever its shape.</summary>
internal static class ResultAwaiter
{
    /// <summary>Returns a function that awaits a value of a method's declared return type and gives its result.</summary>
    public static Func<object?, ValueTask<object?>> For(Type declared)
    {
        if (declared == typeof(Task))
        {
            return AwaitTaskAsync;
        }

        if (declared == typeof(ValueTask))
        {
            return AwaitValueTaskAsync;
        }

        if (declared.IsGenericType && declared.GetGenericTypeDefinition() is var shape)
        {
            if (shape == typeof(Task<>))
            {
                return Close(nameof(AwaitTaskOfAsync), declared);
            }

            if (shape == typeof(ValueTask<>))
            {
                return Close(nameof(AwaitValueTaskOfAsync), declared);
            }
        }

        return static value => new ValueTask<object?>(value);
    }

    private static Func<object?, ValueTask<object?>> Close(string name, Type declared) =>
        typeof(ResultAwaiter).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(declared.GetGenericArguments())
            .CreateDelegate<Func<object?, ValueTask<object?>>>();

    private static async ValueTask<object?> AwaitTaskAsync(object? value)
    {
        await (Task)value!;
        return null;
    }

    private static async ValueTask<object?> AwaitValueTaskAsync(object? value)
    {
        await (ValueTask)value!;
        return null;
    }

    private static async ValueTask<object?> AwaitTaskOfAsync<T>(object? value) => await (Task<T>)value!;

    private static async ValueTask<object?> AwaitValueTaskOfAsync<T>(object? value) => await (ValueTask<T>)value!;
}
