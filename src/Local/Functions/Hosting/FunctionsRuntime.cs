using FunctionsBroker.Local.Functions.Durable;
using FunctionsBroker.Local.Functions.Http;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>An app's functions, ready to run.</summary>
internal sealed record FunctionsRuntime : IAsyncDisposable
{
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    public required HttpDrain HttpDrain { get; init; }

    public required IReadOnlyList<IFunctionListener> Listeners { get; init; }

    /// <summary>The task hub; null in an app that has nothing durable.</summary>
    public required DurableFunctions? Durable { get; init; }

    public required FunctionExecutor Executor { get; init; }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in Listeners)
        {
            listener.Dispose();
        }

        if (Durable is not null)
        {
            await Durable.DisposeAsync();
        }

        await Executor.DisposeAsync();
        HttpDrain.Dispose();
    }
}
