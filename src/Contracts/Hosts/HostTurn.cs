namespace FunctionsBroker.Contracts.Hosts;

/// <summary>What a host says of a turn that it was given.</summary>
public sealed record HostTurn
{
    public required string TurnId { get; init; }

    public required long Epoch { get; init; }

    public required HostTurnState State { get; init; }

    /// <summary>How it ended, once <see cref="State"/> is finished.</summary>
    public TurnFinished? Finished { get; init; }
}
