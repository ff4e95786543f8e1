using System.Text.Json;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <inheritdoc/>
internal sealed class EventWaiter<T> : EventWaiter
{
    // See OpenTask for why not RunContinuationsAsynchronously.
    private readonly TaskCompletionSource<T> _completion = new();

    public EventWaiter(CancellationToken cancellationToken)
        : base(typeof(T))
    {
        cancellationToken.UnsafeRegister((_, token) => _completion.TrySetCanceled(token), null);
    }

    public Task<T> Completion => _completion.Task;

    public override void Receive(string? payload)
    {
        try
        {
            _completion.TrySetResult(OrchestratorContext.Converter.Deserialize<T>(payload)!);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            _completion.TrySetException(exception);
        }
    }
}
