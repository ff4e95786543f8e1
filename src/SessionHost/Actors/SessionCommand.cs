using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What an actor's loop is told, one at a time.</summary>
internal abstract record SessionCommand
{
    private SessionCommand()
    {
    }

    /// <summary>Run this turn, or join the run that is there.</summary>
    /// <param name="Answer">Null when the actor has ended: the session needs a new one.</param>
    public sealed record Submit(HostTurnRequest Request, TaskCompletionSource<SubmitOutcome?> Answer) : SessionCommand;

    /// <summary>Where does this turn stand?</summary>
    public sealed record Find(string TurnId, TaskCompletionSource<HostTurn?> Answer) : SessionCommand;

    /// <summary>Stop the running turn, keep the process.</summary>
    /// <param name="Only">Which turn is meant; null for whichever runs.</param>
    public sealed record StopTurn(Problem Reason, TurnId? Only = null) : SessionCommand;

    /// <summary>Stop exactly this turn if it runs, keep the process.</summary>
    /// <param name="Answer">Where the turn stands; null when it is not known here.</param>
    public sealed record CancelTurn(string TurnId, TaskCompletionSource<HostTurn?> Answer) : SessionCommand;

    /// <summary>The running turn has come to its end under this request.</summary>
    public sealed record TurnEnded(HostTurnRequest Request, FinishedTurn Finished, Recording Recording) : SessionCommand;

    /// <summary>Start the process before there is a turn.</summary>
    /// <param name="Profile">What a new session runs under.</param>
    /// <param name="IsAlive">Whether the host of this name lives.</param>
    public sealed record Wake(string? Profile, Func<string, bool> IsAlive, TaskCompletionSource<WakeOutcome> Answer) : SessionCommand;

    /// <summary>A process has ended by itself.</summary>
    public sealed record ProcessEnded(IClaudeProcess Process) : SessionCommand;

    /// <summary>The CLI has ended a turn that it began by itself.</summary>
    public sealed record BackgroundTurnEnded(BackgroundTurn Turn) : SessionCommand;

    /// <summary>Close the process, after the running turn if there is one; the next turn resumes the conversation.</summary>
    public sealed record Recycle : SessionCommand;

    /// <summary>Close the process and end the actor if nothing runs.</summary>
    public sealed record CloseIdle : SessionCommand;

    /// <summary>End the actor, after the running turn if there is one.</summary>
    public sealed record Retire : SessionCommand;

    /// <summary>Remove the session's folder if another host has the session, or nobody.</summary>
    public sealed record Tidy(RouteId Route) : SessionCommand;

    /// <summary>Delete the session with all its files.</summary>
    /// <param name="Route">The folders to remove, where the front has taken the session from its host and deletes its row itself; else null.</param>
    /// <param name="Answer">Null, or why it was not done.</param>
    public sealed record Delete(RouteId? Route, TaskCompletionSource<Problem?> Answer) : SessionCommand;
}

/// <summary>What became of a turn that was handed to this host.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>It runs, or has run already.</summary>
    /// <param name="Recorded">The turn's row once its end is in it; null when this host does not write it.</param>
    /// <param name="Line">For callers who stay until then; null when it has run already.</param>
    public sealed record Accepted(HostTurn Turn, Task<TurnRecord?> Recorded, TurnLine? Line) : SubmitOutcome;

    public sealed record Rejected(Problem Problem) : SubmitOutcome;
}

/// <summary>What became of a session's start ahead of its first turn.</summary>
internal abstract record WakeOutcome
{
    private WakeOutcome()
    {
    }

    /// <summary>Its process lives.</summary>
    public sealed record Awake : WakeOutcome;

    /// <summary>Every process of the host is in use; its first turn will start it.</summary>
    public sealed record NoRoom : WakeOutcome;

    /// <summary>Another host, which lives, has it.</summary>
    public sealed record Elsewhere : WakeOutcome;

    public sealed record Failed(Problem Problem) : WakeOutcome;
}
