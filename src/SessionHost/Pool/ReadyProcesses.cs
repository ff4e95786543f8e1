using System.Collections.Concurrent;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Orphans;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Keeps as many processes ready as each profile asks for, so that a session's first turn need not wait for a start.</summary>
/// <remarks>
/// They count as live processes and are the first to go when room is needed. They are replaced one at a time and not in
/// haste: the turn that has just taken one is to have the machine for itself.
/// </remarks>
internal sealed partial class ReadyProcesses(
    SessionHostOptions options,
    SessionProfiles profiles,
    ProcessLaunchers launchers,
    LiveProcesses live,
    ProcessSlots slots,
    TimeProvider time,
    ILogger<ReadyProcesses> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ReadyProcess, Task> _ready = new();
    private readonly ConcurrentDictionary<Task, bool> _endings = new();

    public int Count => _ready.Count;

    /// <summary>Takes a process for a new session.</summary>
    /// <param name="requestClose">Called from now on when the idle process has to make room.</param>
    /// <returns>The process, busy; null when none is ready.</returns>
    public ReadyProcess? TryTake(string profile, Action requestClose)
    {
        foreach (var ready in _ready.Keys.Where(ready => ready.Profile == profile))
        {
            if (slots.TryUse(ready.Slot))
            {
                ready.Slot.Rebind(requestClose);
                _ready.TryRemove(ready, out _);
                if (ready.Process.IsAlive)
                {
                    live.Adopt(ready.Folders);
                    return ready;
                }

                Discard(ready);
            }
        }

        return null;
    }

    /// <summary>Ends a process that nobody will use, with its folders.</summary>
    public void Discard(ReadyProcess ready)
    {
        _ready.TryRemove(ready, out _);
        var ending = EndAsync(ready);
        _endings.TryAdd(ending, true);
        _ = ending.ContinueWith(ended => _endings.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Gives one process up where there is one.</summary>
    public bool TryDiscardOne()
    {
        var ready = _ready.Keys.FirstOrDefault(ready => slots.TryBeginClose(ready.Slot));
        if (ready is not null)
        {
            Discard(ready);
        }

        return ready is not null;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (TryDiscardOne())
        {
        }

        await Task.WhenAll(_endings.Keys);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Profiles.Values.All(profile => profile.Prewarmed == 0))
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(s_interval, time);
            do
            {
                if (Missing() is { } profile && !await AddAsync(profile, stoppingToken))
                {
                    await Task.Delay(s_pauseAfterFailure, time, stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private string? Missing() =>
        profiles.Names.FirstOrDefault(name => _ready.Keys.Count(ready => ready.Profile == name) < profiles.Find(name)?.Prewarmed);

    /// <returns>False when it could not be started.</returns>
    private async Task<bool> AddAsync(string name, CancellationToken stoppingToken)
    {
        if (profiles.Find(name) is not { } profile || slots.TryTakeFree(static () => { }) is not { } slot)
        {
            return true;
        }

        var identity = SessionIdentity.New();
        var folders = new SessionFolders(options.WorkPath, identity.Route);
        var launch = new ClaudeLaunch { Folders = folders, ClaudeSessionId = identity.ClaudeSessionId, Profile = profile, HasHistory = false };
        var kept = false;
        try
        {
            await slots.EnterAsync(slot, stoppingToken);
            switch (await launchers.For(profile).StartAsync(launch, stoppingToken))
            {
                case ClaudeLaunchResult.Started(var process, _):
                    var ready = new ReadyProcess(name, identity, folders, process, slot);
                    await live.EnterAsync(folders, process.Identity, ready: true, CancellationToken.None);
                    slot.Rebind(() => Discard(ready));
                    _ready[ready] = WatchAsync(ready);
                    slots.SetSpare(slot);
                    kept = true;
                    return true;
                case ClaudeLaunchResult.Failed(var problem):
                    LogFailed(logger, name, problem.Detail);
                    return false;
                default:
                    return false;
            }
        }
        finally
        {
            if (!kept)
            {
                slots.Release(slot);
                folders.Delete();
            }
        }
    }

    private async Task WatchAsync(ReadyProcess ready)
    {
        await ready.Process.Completion;
        if (_ready.ContainsKey(ready) && slots.TryBeginClose(ready.Slot))
        {
            Discard(ready);
        }
    }

    private async Task EndAsync(ReadyProcess ready)
    {
        try
        {
            await ready.Process.StopAsync(CliStopBounds.Polite);
            await ready.Process.DisposeAsync();
            live.Leave(ready.Folders, ready.Process.Identity);
            ready.Folders.Delete();
        }
        catch (IOException exception)
        {
            // A few empty folders stay.
            LogNotDeleted(logger, exception, ready.Identity.Route.Value);
        }
        finally
        {
            slots.Release(ready.Slot);
        }
    }

    [LoggerMessage(EventIds.NotReady, LogLevel.Warning, "No process could be made ready for profile {Profile}: {Detail}")]
    private static partial void LogFailed(ILogger logger, string profile, string? detail);

    [LoggerMessage(EventIds.NotDeleted, LogLevel.Warning, "The folders of the unused process {Route} could not be deleted")]
    private static partial void LogNotDeleted(ILogger logger, Exception exception, string route);
}

/// <summary>A process that was started before there is a session for it. The session takes its names over.</summary>
internal sealed record ReadyProcess(string Profile, SessionIdentity Identity, SessionFolders Folders, IClaudeProcess Process, ProcessSlot Slot);
