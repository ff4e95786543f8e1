namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Takes a function's result apart into its HTTP response and what goes to queues.</summary>
internal sealed class FunctionOutputs
{
    public static FunctionOutputs None { get; } = new() { Queues = [], HttpResult = static result => result };

    /// <summary>Each queue output: the part of the result it takes, and where it sends it.</summary>
    public required IReadOnlyList<(Func<object, object?> Part, Func<object?, CancellationToken, Task> SendAsync)> Queues { get; init; }

    /// <summary>The part of the result that is the HTTP response.</summary>
    public required Func<object, object?> HttpResult { get; init; }

    public async Task SendAsync(object? result, CancellationToken cancellationToken)
    {
        if (result is null)
        {
            return;
        }

        foreach (var (part, sendAsync) in Queues)
        {
            await sendAsync(part(result), cancellationToken);
        }
    }
}
