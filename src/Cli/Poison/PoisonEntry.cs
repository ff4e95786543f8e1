using System.Text.Json;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Poison;

/// <summary>A message of <c>turns-poison</c>: one that the broker refused, or one that the queue trigger has given up.</summary>
/// <param name="Id">The id that the queue gave it.</param>
/// <param name="InsertedOn">Since when it is there.</param>
internal sealed record PoisonEntry(string Id, DateTimeOffset? InsertedOn)
{
    /// <summary>What came in.</summary>
    public required string Original { get; init; }

    /// <summary>Why the broker refused it; null for what the trigger has given up, which says nothing.</summary>
    public PoisonMessage? Refusal { get; init; }

    /// <summary>Whether it can become a turn once its fault is gone: what was cut cannot.</summary>
    public bool CanBeRetried => Refusal is not { Shortened: true };

    public static PoisonEntry Read(string id, DateTimeOffset? insertedOn, ReadOnlySpan<byte> body)
    {
        var text = MessageText.Decode(body);
        var refusal = TryRead(text);
        return new PoisonEntry(id, insertedOn) { Original = refusal?.Original ?? text, Refusal = refusal };
    }

    private static PoisonMessage? TryRead(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ContractsJsonContext.Default.PoisonMessage);
        }
        catch (JsonException)
        {
            // Not one of the broker's own: the trigger moves a message as it is.
            return null;
        }
    }
}
