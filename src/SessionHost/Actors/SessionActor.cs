using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>One conversation on this host: owns its process and runs its turns, one at a time.</summary>
/// <remarks>
/// A single loop handles all commands, so its state needs no locks. A turn runs beside the loop; while it does, the
/// process belongs to the turn, and the loop leaves it alone until <see cref="SessionCommand.TurnEnded"/>.
/// </remarks>
internal sealed partial class SessionActor : IAsyncDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private static readonly Task<TurnRecord?> s_notRecorded = Task.FromResult<TurnRecord?>(null);

    private readonly SessionId _session;
    private readonly SessionServices _services;
    private readonly SessionClaim _claim;
    private readonly SessionProcess _process;
    private readonly Action<SessionActor> _ended;
    private readonly Channel<SessionCommand> _mailbox = Channel.CreateUnbounded<SessionCommand>(new UnboundedChannelOptions { SingleReader = true });
    private TurnRun? _run;
    private Task _running = Task.CompletedTask;
    private LastTurn? _last;
    private Uri? _callbackUrl;
    private bool _retiring;
    private bool _closed;
    private bool _recycling;
    private long _idleSince;

    /// <param name="ended">Called when the actor has ended, so that the session can get a new one.</param>
    public SessionActor(SessionId session, SessionServices services, Action<SessionActor> ended)
    {
        _ended = ended;
        _session = session;
        _services = services;
        _claim = new SessionClaim(services.Sessions, session, services.HostId, services.SessionTtl, services.Time)
        {
            NewIdentity = profile => _process!.Reserve(profile),
        };
        _process = new SessionProcess(
            session,
            services,
            _claim,
            () => TryPost(new SessionCommand.CloseIdle()),
            turn => TryPost(new SessionCommand.BackgroundTurnEnded(turn)),
            process => TryPost(new SessionCommand.ProcessEnded(process)));
        _idleSince = services.Time.GetTimestamp();

        // The loop outlives the request that woke the session, and must not carry its trace and log scopes on.
        using (ExecutionContext.SuppressFlow())
        {
            Completion = Task.Run(LoopAsync);
        }
    }

    /// <summary>Ends when the actor takes no more commands and its process is gone.</summary>
    public Task Completion { get; }

    /// <summary>Whether a turn runs; read by others, for load figures.</summary>
    public bool IsRunning => Volatile.Read(ref _run) is not null;

    /// <summary>Whether a turn waits for a process; read by others, for load figures.</summary>
    public bool IsWaiting => IsRunning && _process.IsWaiting;

    /// <summary>How long no turn has run; zero while one does, or the process works on by itself.</summary>
    public TimeSpan IdleTime => IsRunning || _process.Lease is { Process.WorksOn: true } ? TimeSpan.Zero : _services.Time.GetElapsedTime(Volatile.Read(ref _idleSince));

    /// <summary>The process's mark and what its family may hold in memory; null when there is none.</summary>
    public (string Mark, long MaxBytes)? Memory =>
        _process.Lease is { } lease && _services.Profiles.Find(_session, lease.Profile) is { } profile
            ? (lease.Process.Identity.Mark, profile.MaxProcessMemoryMb * Mebibyte)
            : null;

    /// <summary>What the session may have on the disk, while it runs a turn; else null.</summary>
    public SessionDisk? Disk =>
        Volatile.Read(ref _run) is { } run && _claim.Record is { } record && _services.Profiles.Find(_session, record.Profile) is { } profile
            ? new SessionDisk(_session, run.TurnId, _process.FoldersOf(record).Root, profile.MaxDiskMb)
            : null;

    /// <returns>False when the actor has ended: the session needs a new one.</returns>
    public bool TryPost(SessionCommand command) => _mailbox.Writer.TryWrite(command);

    /// <summary>What the session is doing, for people and monitors.</summary>
    /// <remarks>Read beside the loop, which may be waiting for a process or the storage, and so may be a moment old.</remarks>
    /// <param name="families">Resident bytes by the mark of a process.</param>
    public HostSession Describe(IReadOnlyDictionary<string, long> families)
    {
        var run = Volatile.Read(ref _run);
        var lease = _process.Lease;
        return new HostSession
        {
            SessionId = _session.Value,
            State = StateOf(run, lease),
            Since = run?.StartedAt ?? _services.Time.GetUtcNow() - IdleTime,
            TurnId = run?.TurnId.Value,
            Profile = lease?.Profile,
            Process = lease?.Process.Describe(),
            ResidentBytes = lease is not null && families.TryGetValue(lease.Process.Identity.Mark, out var held) ? held : null,
            ContextShare = lease?.Process.ContextShare is > 0 and var share ? share : null,
        };
    }

    /// <summary>Ends the actor, after the running turn if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        TryPost(new SessionCommand.Retire());
        await Completion;
    }

    private async Task LoopAsync()
    {
        await foreach (var command in _mailbox.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await HandleAsync(command);
            }
            catch (Exception exception)
            {
                // One command has failed; the session goes on with the next.
                LogCommandFailed(_services.Logger, exception, _session, command.GetType().Name);
            }
        }

        try
        {
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _process.GiveUpAsync();
        }
        finally
        {
            _process.Dispose();
            _claim.Dispose();
            _ended(this);
        }
    }

    private async Task HandleAsync(SessionCommand command)
    {
        switch (command)
        {
            case SessionCommand.Submit(_, var answer) when _closed:
                answer.TrySetResult(null);
                break;
            case SessionCommand.Submit(var request, var answer):
                await AnswerAsync<SubmitOutcome?>(answer, async () => await SubmitAsync(request));
                break;
            case SessionCommand.Find(var turnId, var answer):
                answer.TrySetResult(Find(turnId));
                break;
            case SessionCommand.Wake(var profile, var isAlive, var answer):
                await AnswerAsync(answer, () => WakeAsync(profile, isAlive));
                break;
            case SessionCommand.StopTurn(var reason, var only) when only is null || only == _run?.TurnId:
                _run?.Stop(reason);
                break;
            case SessionCommand.CancelTurn(var turnId, var answer):
                answer.TrySetResult(Cancel(turnId));
                break;
            case SessionCommand.TurnEnded(var request, var finished, var recording):
                await EndTurnAsync(request, finished, recording);
                break;
            case SessionCommand.BackgroundTurnEnded(var turn):
                Track(KeepAsync(turn));
                break;
            case SessionCommand.ProcessEnded(var process) when _run is null && _process.Is(process):
                LogIdleProcessEnded(_services.Logger, _session, process.Identity.Pid);
                await _process.GiveUpAsync();
                break;
            case SessionCommand.CloseIdle when _run is null:
                await _process.GiveUpAsync();
                EndLoop();
                break;
            case SessionCommand.Recycle when _run is not null:
                _recycling = true;
                break;
            case SessionCommand.Recycle:
                await _process.GiveUpAsync();
                break;
            case SessionCommand.Retire:
                _retiring = true;
                EndLoopIfRetired();
                break;
            case SessionCommand.Tidy(var left) when _run is null:
                await TidyAsync(left);
                break;
            case SessionCommand.Delete(var route, var answer):
                await AnswerAsync(answer, () => DeleteSessionAsync(route));
                break;
        }
    }

    private async Task<WakeOutcome> WakeAsync(string? profile, Func<string, bool> isAlive)
    {
        if (_run is not null || _process.IsAlive)
        {
            return new WakeOutcome.Awake();
        }

        if (await _claim.AdoptAsync(profile ?? SessionHostOptions.DefaultProfile, isAlive, CancellationToken.None) is not Ownership.Held(_, var former))
        {
            return new WakeOutcome.Elsewhere();
        }

        await _process.TakeUpAsync(former);
        return await _process.WakeAsync(_services.Aborting) switch
        {
            null => new WakeOutcome.NoRoom(),
            ClaudeLaunchResult.Failed(var problem) => new WakeOutcome.Failed(problem),
            _ => new WakeOutcome.Awake(),
        };
    }

    private async Task TidyAsync(RouteId route)
    {
        if (await _services.Sessions.FindAsync(_session, CancellationToken.None) is { Value: var row } && row.HostId == _services.HostId && row.RouteId == route)
        {
            return;
        }

        await _process.GiveUpAsync();
        new SessionFolders(_services.WorkPath, route).Delete();
        EndLoop();
    }

    private async Task<Problem?> DeleteSessionAsync(RouteId? route)
    {
        if (_run is not null)
        {
            return ProblemCatalogue.SessionBusy();
        }

        // The last turn's writes may still be on their way, and would bring back what is deleted.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _process.GiveUpAsync();
        if (route is { } released)
        {
            await DeleteAsync(released);
            EndLoop();
            return null;
        }

        var deleted = await _claim.DeleteAsync(record => DeleteAsync(record.RouteId), CancellationToken.None);
        EndLoop();
        return deleted is Ownership.Lost(var epoch) ? ProblemCatalogue.StaleEpoch(epoch, 0) : null;
    }

    private Task DeleteAsync(RouteId route)
    {
        new SessionFolders(_services.WorkPath, route).Delete();
        return _services.Transcripts.DeleteAllAsync(route, CancellationToken.None);
    }

    private HostSessionState StateOf(TurnRun? run, ProcessLease? lease) =>
        run switch
        {
            { StopReason: not null } => HostSessionState.Stopping,
            { Relay.IsWaiting: true } => HostSessionState.WaitingForPermission,
            not null when lease is null => HostSessionState.Starting,
            not null => HostSessionState.Running,
            null when lease is null || Volatile.Read(ref _closed) => HostSessionState.Closing,
            null => HostSessionState.Idle,
        };

    private void EndLoopIfRetired()
    {
        if (_retiring && _run is null)
        {
            EndLoop();
        }
    }

    private void EndLoop()
    {
        _closed = true;
        _mailbox.Writer.TryComplete();
    }

    private static async Task AnswerAsync<T>(TaskCompletionSource<T> answer, Func<Task<T>> work)
    {
        try
        {
            answer.TrySetResult(await work());
        }
        catch (Exception exception)
        {
            // The caller's edge reports it; the session goes on with the next command.
            answer.TrySetException(exception);
        }
    }

    [LoggerMessage(EventIds.IdleProcessEnded, LogLevel.Warning, "Session {SessionId}: process {Pid} ended while it was idle")]
    private static partial void LogIdleProcessEnded(ILogger logger, SessionId sessionId, int pid);

    [LoggerMessage(EventIds.TurnBroke, LogLevel.Error, "Session {SessionId}: turn {TurnId} broke (trace {TraceId})")]
    private static partial void LogTurnBroke(ILogger logger, Exception exception, SessionId sessionId, TurnId turnId, string traceId);

    [LoggerMessage(EventIds.DiskFull, LogLevel.Error, "Session {SessionId}: turn {TurnId} failed because the disk is full")]
    private static partial void LogDiskFull(ILogger logger, Exception exception, SessionId sessionId, TurnId turnId);

    [LoggerMessage(EventIds.SaveFailed, LogLevel.Warning, "Session {SessionId}: its row could not be written")]
    private static partial void LogSaveFailed(ILogger logger, Exception exception, SessionId sessionId);

    [LoggerMessage(EventIds.CommandFailed, LogLevel.Error, "Session {SessionId}: {Command} failed")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, SessionId sessionId, string command);
}
