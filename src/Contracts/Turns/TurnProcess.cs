namespace FunctionsBroker.Contracts.Turns;

/// <summary>The <c>claude</c> process that a turn ran in.</summary>
public sealed record TurnProcess
{
    /// <summary>Process id on the session host.</summary>
    public required int Pid { get; init; }

    /// <summary>When the process was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Which turn of this process it was, from 1.</summary>
    public required int Turn { get; init; }

    /// <summary>Whether the process took up an earlier conversation from its transcript.</summary>
    public bool Resumed { get; init; }
}
