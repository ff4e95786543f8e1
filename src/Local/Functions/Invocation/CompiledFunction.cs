using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>A function made ready to run: how to get its instance, its arguments and its result.</summary>
internal sealed class CompiledFunction
{
    public required FunctionDefinition Definition { get; init; }

    public required TriggerBinding Trigger { get; init; }

    public required IReadOnlyList<ArgumentBinder> Arguments { get; init; }

    /// <summary>Makes the instance; null for a static method.</summary>
    public required ObjectFactory? CreateInstance { get; init; }

    public required Func<object?, object?[], object?> Invoke { get; init; }

    public required Func<object?, ValueTask<object?>> Await { get; init; }

    public required FunctionOutputs Outputs { get; init; }

    /// <summary>Binds the arguments, calls the method, awaits it, and leaves its result in the context.</summary>
    public async Task RunAsync(LocalFunctionContext context)
    {
        var arguments = Arguments.Count == 0 ? [] : new object?[Arguments.Count];
        for (var index = 0; index < arguments.Length; index++)
        {
            arguments[index] = await Arguments[index](context);
        }

        if (CreateInstance is null)
        {
            context.Result = await Await(Invoke(null, arguments));
            return;
        }

        var instance = CreateInstance(context.InstanceServices, null);
        try
        {
            context.Result = await Await(Invoke(instance, arguments));
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }

        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
