using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>The sessions that are awake on this host. A session without a process costs nothing here: its actor is dropped.</summary>
internal sealed partial class SessionPool(SessionServices services, ILogger<SessionPool> logger)
{
    private readonly ConcurrentDictionary<SessionId, SessionActor> _actors = new();
    private volatile bool _draining;

    /// <summary>Whether turns are refused because the host is to stop.</summary>
    public bool IsDraining => _draining;

    /// <summary>Whether turns are refused because the disk is full.</summary>
    public bool IsDiskLow => services.Disk.IsLow;

    public int RunningTurns => _actors.Values.Count(actor => actor.IsRunning);

    /// <summary>How many of these wait for a process.</summary>
    public int WaitingTurns => services.Slots.InLine;

    public int LiveProcesses => services.Slots.Count;

    public int MaxSessions => services.Slots.Limit;

    /// <summary>How many sessions and profiles are suspended.</summary>
    public int OpenBreakers => services.Breakers.Open;

    /// <summary>Hands a turn to its session.</summary>
    public async Task<SubmitOutcome> SubmitAsync(SessionId session, HostTurnRequest request)
    {
        if (services.Disk.IsLow)
        {
            return new SubmitOutcome.Rejected(ProblemCatalogue.HostDiskFull());
        }

        while (!_draining)
        {
            var actor = GetActor(session);
            var answer = NewAnswer<SubmitOutcome?>();
            if (actor.TryPost(new SessionCommand.Submit(request, answer)) && await answer.Task is { } outcome)
            {
                return outcome;
            }

            // The actor was about to go. Its process has to be gone before another one is started.
            await actor.Completion;
        }

        return new SubmitOutcome.Rejected(ProblemCatalogue.HostDraining());
    }

    /// <summary>Starts a session's process before there is a turn for it.</summary>
    /// <param name="profile">What a new session runs under; null for the default.</param>
    /// <param name="isAlive">Whether the host of this name lives: a session of one that does is left there.</param>
    public async Task<WakeOutcome> WakeAsync(SessionId session, string? profile, Func<string, bool> isAlive)
    {
        while (!_draining)
        {
            var actor = GetActor(session);
            var answer = NewAnswer<WakeOutcome>();
            if (actor.TryPost(new SessionCommand.Wake(profile, isAlive, answer)))
            {
                return await answer.Task;
            }

            await actor.Completion;
        }

        return new WakeOutcome.NoRoom();
    }

    /// <returns>Null when this host does not know the turn.</returns>
    public Task<HostTurn?> FindTurnAsync(SessionId session, string turnId) =>
        AskAsync(session, answer => new SessionCommand.Find(turnId, answer));

    /// <summary>Stops exactly this turn if it runs.</summary>
    /// <returns>Where the turn stands; null when this host does not know it.</returns>
    public Task<HostTurn?> CancelTurnAsync(SessionId session, string turnId) =>
        AskAsync(session, answer => new SessionCommand.CancelTurn(turnId, answer));

    /// <summary>Closes a session's process, after the running turn if there is one. The next turn reads the session's row again.</summary>
    /// <returns>False when the session is not awake here.</returns>
    public bool TryRecycle(SessionId session) =>
        _actors.TryGetValue(session, out var actor) && actor.TryPost(new SessionCommand.Recycle());

    /// <summary>Deletes a session with its files.</summary>
    /// <param name="route">The session's folders, where its row is not this host's to delete; null where it is.</param>
    /// <returns>Null, or why it was not done.</returns>
    public async Task<Problem?> DeleteAsync(SessionId session, RouteId? route)
    {
        while (true)
        {
            var actor = GetActor(session);
            var answer = NewAnswer<Problem?>();
            if (actor.TryPost(new SessionCommand.Delete(route, answer)))
            {
                return await answer.Task;
            }

            await actor.Completion;
        }
    }

    /// <summary>The sessions that are awake, in no order.</summary>
    /// <param name="families">Resident bytes by the mark of a process.</param>
    public IEnumerable<HostSession> Describe(IReadOnlyDictionary<string, long> families) => _actors.Values.Select(actor => actor.Describe(families));

    /// <returns>Null when the session is not awake here.</returns>
    public HostSession? Describe(SessionId session, IReadOnlyDictionary<string, long> families) => _actors.GetValueOrDefault(session)?.Describe(families);

    /// <summary>The sessions that run a turn, with what they may have on the disk.</summary>
    public IEnumerable<SessionDisk> DescribeDisks() => _actors.Values.Select(actor => actor.Disk).OfType<SessionDisk>();

    /// <summary>Whether the session is awake here.</summary>
    public bool Has(SessionId session) => _actors.ContainsKey(session);

    /// <summary>Stops exactly this turn if it runs.</summary>
    public void Stop(SessionId session, TurnId turn, Problem reason) => _actors.GetValueOrDefault(session)?.TryPost(new SessionCommand.StopTurn(reason, turn));

    /// <summary>Lets the sessions go that have not been used for so long.</summary>
    public void CloseIdle(TimeSpan idleFor)
    {
        foreach (var (session, actor) in _actors)
        {
            if (actor.IdleTime >= idleFor)
            {
                LogClosingIdle(logger, session);
                actor.TryPost(new SessionCommand.CloseIdle());
            }
        }
    }

    /// <summary>Has processes closed that hold more than their profile allows, each between two turns.</summary>
    /// <param name="families">Resident bytes by the mark of a process.</param>
    public void CloseOversized(IReadOnlyDictionary<string, long> families)
    {
        foreach (var (session, actor) in _actors)
        {
            if (actor.Memory is { } limit && families.TryGetValue(limit.Mark, out var held) && held > limit.MaxBytes)
            {
                LogOversized(logger, session, held);
                actor.TryPost(new SessionCommand.Recycle());
            }
        }
    }

    /// <summary>Closes idle processes, the least recently used first, until so much is free.</summary>
    /// <param name="families">Resident bytes by the mark of a process.</param>
    public void CloseIdleToFree(long bytes, IReadOnlyDictionary<string, long> families)
    {
        foreach (var (session, actor) in _actors.Where(entry => !entry.Value.IsRunning).OrderByDescending(entry => entry.Value.IdleTime))
        {
            if (bytes <= 0)
            {
                return;
            }

            if (actor.Memory is { } limit && families.TryGetValue(limit.Mark, out var held))
            {
                LogRelieving(logger, session, held);
                actor.TryPost(new SessionCommand.CloseIdle());
                bytes -= held;
            }
        }
    }

    /// <summary>Removes a session's folder unless this host has the session again.</summary>
    public void Tidy(SessionId session, RouteId route) => GetActor(session).TryPost(new SessionCommand.Tidy(route));

    /// <summary>Stops all turns and closes all processes: their sessions may be another host's.</summary>
    public void Fence()
    {
        foreach (var actor in _actors.Values)
        {
            actor.TryPost(new SessionCommand.Recycle());
            actor.TryPost(new SessionCommand.StopTurn(ProblemCatalogue.HostLost(services.HostId)));
        }
    }

    /// <summary>From now on turns are refused.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Waits for the running turns, stops those that take too long, and ends all processes.</summary>
    /// <param name="patience">How long running turns may go on.</param>
    public async Task DrainAsync(TimeSpan patience)
    {
        BeginDrain();
        var actors = _actors.Values.ToList();
        foreach (var actor in actors)
        {
            actor.TryPost(new SessionCommand.Retire());
            if (actor.IsWaiting)
            {
                // Another host can begin with it at once.
                actor.TryPost(new SessionCommand.StopTurn(ProblemCatalogue.HostDraining()));
            }
        }

        var ended = Task.WhenAll(actors.Select(actor => actor.Completion));
        try
        {
            await ended.WaitAsync(patience, services.Time);
        }
        catch (TimeoutException)
        {
            LogStoppingTurns(logger, actors.Count(actor => actor.IsRunning));
            foreach (var actor in actors)
            {
                actor.TryPost(new SessionCommand.StopTurn(ProblemCatalogue.HostDraining()));
            }

            await ended;
        }
    }

    private SessionActor GetActor(SessionId session)
    {
        if (_actors.TryGetValue(session, out var actor))
        {
            return actor;
        }

        var created = new SessionActor(session, services, ended => _actors.TryRemove(KeyValuePair.Create(session, ended)));
        actor = _actors.GetOrAdd(session, created);
        if (actor != created)
        {
            created.TryPost(new SessionCommand.Retire());
        }

        return actor;
    }

    private async Task<HostTurn?> AskAsync(SessionId session, Func<TaskCompletionSource<HostTurn?>, SessionCommand> command)
    {
        var answer = NewAnswer<HostTurn?>();
        return _actors.TryGetValue(session, out var actor) && actor.TryPost(command(answer)) ? await answer.Task : null;
    }

    private static TaskCompletionSource<T> NewAnswer<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(EventIds.Oversized, LogLevel.Warning, "Session {SessionId}: its process holds {Bytes} bytes, more than its profile allows, and is closed between turns")]
    private static partial void LogOversized(ILogger logger, SessionId sessionId, long bytes);

    [LoggerMessage(EventIds.RelievingMemory, LogLevel.Warning, "Session {SessionId} is closed to free {Bytes} bytes")]
    private static partial void LogRelieving(ILogger logger, SessionId sessionId, long bytes);

    [LoggerMessage(EventIds.ClosingIdle, LogLevel.Information, "Session {SessionId} is idle and is closed")]
    private static partial void LogClosingIdle(ILogger logger, SessionId sessionId);

    [LoggerMessage(EventIds.StoppingTurns, LogLevel.Warning, "The host is to stop: {Count} turns are handed back")]
    private static partial void LogStoppingTurns(ILogger logger, int count);
}
