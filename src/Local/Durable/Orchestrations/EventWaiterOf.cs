using System.Text.Json;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <inheritdoc/>
internal sealed class EventWaiter<T> : EventWaiter
{
    // See OpenTask for why not RunContinuationsAsynchronously.
    private readonly TaskCompletionSource<T> _completion = new();

    private readonly DataConverter _converter;

    public EventWaiter(DataConverter converter, CancellationToken cancellationToken)
        : base(typeof(T))
    {
        _converter = converter;
        cancellationToken.UnsafeRegister((_, token) => _completion.TrySetCanceled(token), null);
    }

    public Task<T> Completion => _completion.Task;

    public override void Receive(string? payload)
    {
        try
        {
            _completion.TrySetResult(_converter.Deserialize<T>(payload)!);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            _completion.TrySetException(exception);
        }
    }
}
