using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>The one process that a session may have here, and the slot that it takes up.</summary>
/// <remarks>Belongs to the running turn while there is one, and to the actor's loop in between: never to both.</remarks>
/// <param name="requestClose">Called when the idle process has to make room; it must not block.</param>
/// <param name="wentOn">Called when the CLI has ended a turn that it began by itself.</param>
/// <param name="ended">Called when a process has ended by itself.</param>
internal sealed partial class SessionProcess(
    SessionId session,
    SessionServices services,
    SessionClaim claim,
    Action requestClose,
    Action<BackgroundTurn> wentOn,
    Action<IClaudeProcess> ended) : IDisposable
{
    private readonly ConversationKeeper _keeper = new(
        session,
        services.HostId,
        services.WorkPath,
        services.Turns,
        services.Transcripts,
        claim,
        services.Time,
        services.Logger);

    private readonly List<string> _notes = [];
    private ProcessSlot? _slot;
    private ProcessLease? _lease;
    private UntoldExchanges? _untold;
    private ReadyProcess? _reserved;
    private bool _inUse;

    /// <summary>The process with what belongs to it, for those who only look.</summary>
    public ProcessLease? Lease => Volatile.Read(ref _lease);

    public bool IsAlive => _lease is { Process.IsAlive: true };

    public bool Is(IClaudeProcess process) => _lease?.Process == process;

    /// <inheritdoc cref="ConversationKeeper.TryTakeUp"/>
    public bool TryTakeUp(SessionRecord? former) => _keeper.TryTakeUp(former);

    /// <summary>The session was claimed: ends its process where that is of a conversation that is no more.</summary>
    /// <param name="former">The session's row as it was found; null when there was none.</param>
    public async Task TakeUpAsync(SessionRecord? former)
    {
        if (!TryTakeUp(former))
        {
            await GiveUpAsync();
        }
    }

    /// <summary>Brings the session's conversation to this disk, where it is not there and no process lives in it.</summary>
    /// <returns>Whether it was fetched now, and if not why it could not be where it had to.</returns>
    public async Task<(bool Fetched, Problem? Problem)> FetchAsync(CancellationToken stopping)
    {
        if (IsAlive || await _keeper.HasConversationAsync(stopping))
        {
            return (false, null);
        }

        var problem = await _keeper.FetchAsync(_notes.Add, stopping);
        _untold?.Forget();
        return (problem is null, problem);
    }

    /// <summary>What the reader of the next reply should know, once.</summary>
    public IReadOnlyList<string> TakeNotes()
    {
        string[] notes = [.. _notes];
        _notes.Clear();
        return notes;
    }

    /// <summary>Adds what the transcript has gained to its blob.</summary>
    /// <param name="answered">Whether the model has answered with text, which the transcript must have then.</param>
    /// <returns>Null when that could not be done.</returns>
    public async Task<KeptTranscript?> KeepAsync(bool answered, CancellationToken cancellationToken)
    {
        var record = claim.Record ?? throw new InvalidOperationException("A transcript needs a claimed session.");
        return await _keeper.KeepAsync(record, FoldersOf(record).Transcript(record.ClaudeSessionId).Length, answered, cancellationToken);
    }

    /// <inheritdoc cref="ConversationKeeper.DropAsync"/>
    public Task DropAsync(string blob) => _keeper.DropAsync(blob, services.Aborting);

    public void Dispose() => _keeper.Dispose();

    /// <summary>Takes the process that is there into use, or the right to start one.</summary>
    /// <returns>False when every process of the host is busy.</returns>
    public bool TryUse()
    {
        if ((_reserved is { } ready && Adopt(ready)) || (_slot is not null && services.Slots.TryUse(_slot)))
        {
            return _inUse = true;
        }

        // A slot that is there all the same is being closed for another session; it goes with its process.
        var taken = services.Slots.TryTake(requestClose);
        _slot = taken ?? _slot;
        return _inUse = taken is not null;
    }

    /// <summary>Waits for the right to start a process, unless one is in use.</summary>
    public async Task UseAsync(CancellationToken stopping)
    {
        if (_inUse)
        {
            return;
        }

        // What is there is being closed for somebody who waits for that.
        await GiveUpAsync();
        _slot = await services.Slots.WaitAsync(requestClose, stopping);
        _inUse = true;
    }

    /// <summary>Whether the running turn has no process and no right to start one yet.</summary>
    public bool IsWaiting => !_inUse;

    /// <summary>Starts the process ahead of the first turn, where there is room for one.</summary>
    /// <returns>Null when there is a process already, or no room.</returns>
    public async Task<ClaudeLaunchResult?> WakeAsync(CancellationToken stopping)
    {
        if (_slot is not null || (_slot = services.Slots.TryTakeFree(requestClose)) is null)
        {
            return null;
        }

        try
        {
            return await StartAsync(services.Launchers.For(Describe().Launch.Profile), null, stopping);
        }
        finally
        {
            await RestAsync();
        }
    }

    /// <summary>The turn has ended: the process waits for the next one, or its slot is given back.</summary>
    public async Task RestAsync()
    {
        if (_lease is { Process.IsAlive: true } lease)
        {
            _inUse = false;
            services.Slots.SetIdle(lease.Slot);
        }
        else
        {
            await GiveUpAsync();
        }
    }

    /// <summary>Ends the process and gives its slot back.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            LetGoOfReserved();
            await CloseAsync();
        }
        finally
        {
            _inUse = false;
            if (_slot is not null)
            {
                services.Slots.Release(_slot);
                _slot = null;
            }
        }
    }

    /// <summary>The session's row, and the conversation that its processes are for. The session is claimed and its profile known.</summary>
    public (SessionRecord Record, ClaudeLaunch Launch) Describe()
    {
        var record = claim.Record ?? throw new InvalidOperationException("A process needs a claimed session.");
        return (record, new ClaudeLaunch
        {
            Folders = FoldersOf(record),
            ClaudeSessionId = record.ClaudeSessionId,
            Profile = services.Profiles.Find(session, record.Profile) ?? throw new InvalidOperationException("A process needs a profile."),
            HasHistory = record.TranscriptBlob is not null,
            TranscriptOffset = record.TranscriptBlob is null ? 0 : record.TranscriptOffset,
        });
    }

    /// <summary>What was said in the conversation without the CLI.</summary>
    public UntoldExchanges UntoldOf(ClaudeLaunch conversation) =>
        _untold is { } untold && untold.Path == conversation.Folders.Exchanges
            ? untold
            : _untold = new UntoldExchanges(conversation.Folders.Exchanges);

    /// <summary>The process as a turn's transports use it.</summary>
    public ISessionProcess For(TurnRun run) => new TurnLease(this, run);

    public SessionFolders FoldersOf(SessionRecord record) => new(services.WorkPath, record.RouteId);

    private IClaudeProcess? Live =>
        _lease is { Process.IsAlive: true } lease && lease.Slot == _slot && lease.Profile == claim.Record?.Profile ? lease.Process : null;

    private ProcessSlot Slot => _slot ?? throw new InvalidOperationException("A process needs a slot.");

    private async Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, TurnRun? run, CancellationToken stopping)
    {
        if (await ClearAsync(run, stopping) is { } lost)
        {
            return new ClaudeLaunchResult.Failed(lost);
        }

        var (record, launch) = Describe();
        var result = await launcher.StartAsync(launch, stopping);
        switch (result)
        {
            case ClaudeLaunchResult.Started(var process, _):
                LogStarted(services.Logger, session, process.Identity.Pid, process.Resumed);
                services.Metrics.ProcessStarted(process, ready: false);
                _lease = new ProcessLease(process, Slot, launch.Folders, record.Profile, WatchAsync(process));
                await EnterAsync(process.Identity);
                return result;
            case ClaudeLaunchResult.Failed(var problem):
                LogStartFailed(services.Logger, session, problem.Detail);
                return result;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    private async Task<Problem?> ClearAsync(TurnRun? run, CancellationToken stopping)
    {
        await CloseAsync();
        await services.Slots.EnterAsync(Slot, stopping);

        // Time has passed since the session was claimed, so that another host may have taken it.
        if (run?.Tries.Count > 0 && await CheckAsync(run, stopping) is { } lost)
        {
            return lost;
        }

        await services.LiveProcesses.EndFormerAsync(Describe().Launch.Folders);
        _untold?.Forget();

        // The disk may have lost it under the process that is gone.
        var (_, unavailable) = await FetchAsync(stopping);
        run?.Note(TakeNotes());
        return unavailable;
    }

    private async Task<Problem?> CheckAsync(TurnRun run, CancellationToken stopping)
    {
        var epoch = run.Request.Epoch;
        return await claim.CheckAsync(epoch, stopping) is Ownership.Lost(var held) ? ProblemCatalogue.StaleEpoch(held, epoch) : null;
    }

    private Task EnterAsync(ProcessIdentity process) =>
        services.LiveProcesses.EnterAsync(Describe().Launch.Folders, process, ready: false, CancellationToken.None);

    private void Leave(ProcessIdentity process) => services.LiveProcesses.Leave(Describe().Launch.Folders, process);

    private async Task WatchAsync(IClaudeProcess process)
    {
        await foreach (var turn in process.BackgroundTurns)
        {
            wentOn(turn);
        }

        services.Metrics.ProcessEnded((await process.Completion).ExitCode);
        ended(process);
    }

    private async Task CloseAsync()
    {
        if (_lease is not { } lease)
        {
            return;
        }

        _lease = null;
        if (lease.Process is { IsAlive: true, WorksOn: true })
        {
            LogWorkEnded(services.Logger, session);
        }

        try
        {
            await lease.Process.StopAsync(CliStopBounds.Polite);
            await lease.Process.DisposeAsync();
            await lease.Watch;
            services.LiveProcesses.Leave(lease.Folders, lease.Process.Identity);
        }
        finally
        {
            if (lease.Slot != _slot)
            {
                services.Slots.Release(lease.Slot);
            }
        }
    }

    /// <summary>Names a new session: after a process that is ready for one where there is such a process.</summary>
    public SessionIdentity Reserve(string profile)
    {
        // A declared session has arguments of its own.
        _reserved ??= services.Profiles.FindDeclared(session) is null ? services.Ready.TryTake(profile, requestClose) : null;
        return _reserved?.Identity ?? SessionIdentity.New();
    }

    private bool Adopt(ReadyProcess ready)
    {
        // Somebody else may have made the session's row first, under other names.
        if (claim.Record is not { } record || record.RouteId != ready.Identity.Route || record.Profile != ready.Profile || !ready.Process.IsAlive)
        {
            LetGoOfReserved();
            return false;
        }

        _reserved = null;
        _slot = ready.Slot;
        LogAdopted(services.Logger, session, ready.Process.Identity.Pid);
        services.Metrics.ProcessStarted(ready.Process, ready: true);
        _lease = new ProcessLease(ready.Process, ready.Slot, ready.Folders, ready.Profile, WatchAsync(ready.Process));
        return true;
    }

    private void LetGoOfReserved()
    {
        if (_reserved is { } ready)
        {
            _reserved = null;
            services.Ready.Discard(ready);
        }
    }

    [LoggerMessage(EventIds.ProcessStarted, LogLevel.Information, "Session {SessionId}: process {Pid} started (resumed: {Resumed})")]
    private static partial void LogStarted(ILogger logger, SessionId sessionId, int pid, bool resumed);

    [LoggerMessage(EventIds.StartFailed, LogLevel.Warning, "Session {SessionId}: no process could be started: {Detail}")]
    private static partial void LogStartFailed(ILogger logger, SessionId sessionId, string? detail);

    [LoggerMessage(EventIds.ReadyProcessTaken, LogLevel.Information, "Session {SessionId}: process {Pid}, which was ready, is taken")]
    private static partial void LogAdopted(ILogger logger, SessionId sessionId, int pid);

    [LoggerMessage(EventIds.WorkEnded, LogLevel.Warning, "Session {SessionId}: its background work ends with the process, which is closed")]
    private static partial void LogWorkEnded(ILogger logger, SessionId sessionId);

    private sealed class TurnLease(SessionProcess process, TurnRun run) : ISessionProcess
    {
        public IClaudeProcess? Live => process.Live;

        public Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, CancellationToken stopping) => process.StartAsync(launcher, run, stopping);

        public Task<Problem?> ClearAsync(CancellationToken stopping) => process.ClearAsync(run, stopping);

        public Task EnterAsync(ProcessIdentity started) => process.EnterAsync(started);

        public void Leave(ProcessIdentity started) => process.Leave(started);
    }
}

/// <summary>A session's live process, and what has to be known to give it up.</summary>
/// <param name="Profile">The profile that it was started under.</param>
/// <param name="Watch">Tells the actor when the process ends by itself.</param>
internal sealed record ProcessLease(
    IClaudeProcess Process,
    ProcessSlot Slot,
    SessionFolders Folders,
    string Profile,
    Task Watch);
