using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Demo;

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
