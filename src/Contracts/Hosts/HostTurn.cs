using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>What a host says of a turn that it was given.</summary>
public sealed record HostTurn
{
    public required string TurnId { get; init; }

    public required long Epoch { get; init; }

    public required HostTurnState State { get; init; }

    /// <summary>How it ended, once <see cref="State"/> is finished.</summary>
    public TurnFinished? Finished { get; init; }

    /// <summary>The turn as its end stands in its row; only for a caller who stayed on the line until then.</summary>
    public TurnResource? Turn { get; init; }
}
