using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Demo;

/// <summary>A turn of the demo and how it ended, whichever way it went.</summary>
internal sealed record DemoTurn
{
    public required string SessionId { get; init; }

    /// <summary>Position in the session, from 1.</summary>
    public required int Number { get; init; }

    public required DemoWay Way { get; init; }

    public required string Prompt { get; init; }

    public required TurnStatus Status { get; init; }

    public string? Text { get; init; }

    public required IReadOnlyList<TurnAttempt> Attempts { get; init; }

    /// <summary>From sending the prompt to having the reply.</summary>
    public required TimeSpan Elapsed { get; init; }
}
