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

/// <summary>How a turn reaches the broker.</summary>
internal enum DemoWay
{
    Http,
    Queue,
}

/// <summary>One line of the script: what is said and what the loopback model answers when the conversation is whole.</summary>
internal sealed record DemoLine(string Prompt, string Expected)
{
    /// <summary>The conversation that every session has. Its later answers are known only to a model that was sent the earlier turns.</summary>
    public static IReadOnlyList<DemoLine> Script(string name, string colour) =>
    [
        new($"my name is {name}", $"[1] my name is {name}"),
        new($"remember colour={colour}", "[2] remembered colour"),
        new("what did I say two turns ago?", $"[3] my name is {name}"),
        new("recall colour", $"[4] {colour}"),
        new("what did I say four turns ago?", $"[5] my name is {name}"),
    ];
}

/// <summary>What must hold of a turn in an undisturbed conversation.</summary>
internal static class TurnChecks
{
    /// <summary>The faults of a turn; none when it is as it should be.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="expected">The reply that a whole memory gives.</param>
    /// <param name="first">The process of the session's first turn; null for that turn itself.</param>
    public static IReadOnlyList<string> Faults(DemoTurn turn, string expected, TurnProcess? first)
    {
        var faults = new List<string>();
        if (turn.Status != TurnStatus.Completed)
        {
            faults.Add($"it ended as {turn.Status}, not as Completed");
        }

        if (turn.Text != expected)
        {
            faults.Add($"the reply should be '{expected}', and is '{turn.Text}'");
        }

        var process = turn.Attempts.Count > 0 ? turn.Attempts[^1].Process : null;
        if (process is null)
        {
            faults.Add("it does not say in which process it ran");
        }
        else if (process.Turn != turn.Number)
        {
            faults.Add($"it should be turn {turn.Number} of its process, and is turn {process.Turn}");
        }
        else if (first is not null && process.Pid != first.Pid)
        {
            faults.Add($"it ran in process {process.Pid}, not in the session's own {first.Pid}");
        }

        return faults;
    }
}
