using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Queues;

/// <summary>A message of <c>turns-poison</c> that the broker put there itself: what came in, and why it was refused.</summary>
public sealed record PoisonMessage
{
    public required Problem Problem { get; init; }

    /// <summary>The refused text; shortened when it would not fit into a message together with its reason.</summary>
    public required string Original { get; init; }

    public bool Shortened { get; init; }

    /// <summary>The id that the queue gave the refused message.</summary>
    public required string MessageId { get; init; }

    public required DateTimeOffset RefusedAt { get; init; }
}
