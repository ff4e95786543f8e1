using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    // Takes the process that is there into use, or the right to start one.
    private bool TryUseProcess()
    {
        if (_slot is not null && _services.Slots.TryUse(_slot))
        {
            return true;
        }

        // A slot that is there all the same is being closed for another session; it goes with its process.
        var taken = _services.Slots.TryTake(() => TryPost(new SessionCommand.CloseIdle()));
        _slot = taken ?? _slot;
        return taken is not null;
    }

    /// <param name="check">Whether time has passed since the session was claimed, so that another host may have taken it.</param>
    private ValueTask<ProcessOrProblem> EnsureProcessAsync(TurnRun run, bool check)
    {
        var profile = _claim.Record?.Profile;
        return _lease is { Process.IsAlive: true } lease && lease.Slot == _slot && lease.Profile == profile
            ? ValueTask.FromResult(new ProcessOrProblem(lease, null))
            : new ValueTask<ProcessOrProblem>(StartProcessAsync(run, check));
    }

    private async Task<ProcessOrProblem> StartProcessAsync(TurnRun run, bool check)
    {
        await GiveUpLeaseAsync();
        if (_slot is not { } slot)
        {
            throw new InvalidOperationException("A process needs a slot.");
        }

        await _services.Slots.EnterAsync(slot, run.Stopping);
        var epoch = run.Request.Epoch;
        if (check && await _claim.CheckAsync(epoch, run.Stopping) is Ownership.Lost(var held))
        {
            return new ProcessOrProblem(null, ProblemCatalogue.StaleEpoch(held, epoch));
        }

        var record = _claim.Record ?? throw new InvalidOperationException("A process needs a claimed session.");

        if (!_services.Profiles.TryGetValue(record.Profile, out var profile))
        {
            return new ProcessOrProblem(null, ProblemCatalogue.UnknownProfile(record.Profile, _services.Profiles.Keys));
        }

        var folders = FoldersOf(record);
        _services.LiveProcesses.EndFormer(folders);
        var launch = new ClaudeLaunch
        {
            Folders = folders,
            ClaudeSessionId = record.ClaudeSessionId,
            Profile = profile,
            HasHistory = record.HasTranscript,
        };
        switch (await _services.Launcher.StartAsync(launch, run.Stopping))
        {
            case ClaudeLaunchResult.Started(var process, var notice):
                if (notice is not null)
                {
                    run.Notices.Add(notice);
                }

                LogProcessStarted(_services.Logger, _session, process.Identity.Pid, process.Resumed);
                _lease = new ProcessLease(process, slot, record.RouteId, folders, record.Profile, WatchAsync(process));
                await _services.LiveProcesses.EnterAsync(record.RouteId, folders, process.Identity, CancellationToken.None);
                return new ProcessOrProblem(_lease, null);
            case ClaudeLaunchResult.Failed(var problem):
                LogStartFailed(_services.Logger, _session, problem.Detail);
                return new ProcessOrProblem(null, problem);
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private async Task WatchAsync(ClaudeProcess process)
    {
        await process.Completion;
        TryPost(new SessionCommand.ProcessEnded(process));
    }

    private async Task GiveUpProcessAsync()
    {
        try
        {
            await GiveUpLeaseAsync();
        }
        finally
        {
            if (_slot is not null)
            {
                _services.Slots.Release(_slot);
                _slot = null;
            }
        }
    }

    private async Task GiveUpLeaseAsync()
    {
        if (_lease is not { } lease)
        {
            return;
        }

        _lease = null;
        try
        {
            await lease.Process.StopAsync(CliStopBounds.Polite);
            await lease.Process.DisposeAsync();
            await lease.Watch;
            _services.LiveProcesses.Leave(lease.Route, lease.Folders, lease.Process.Identity);
        }
        finally
        {
            if (lease.Slot != _slot)
            {
                _services.Slots.Release(lease.Slot);
            }
        }
    }

    private async Task<Problem?> DeleteAsync()
    {
        if (_run is not null)
        {
            return ProblemCatalogue.SessionBusy();
        }

        await GiveUpProcessAsync();
        var deleted = await _claim.DeleteAsync(record => FoldersOf(record).Delete(), CancellationToken.None);
        EndLoop();
        return deleted is Ownership.Lost(var epoch) ? ProblemCatalogue.StaleEpoch(epoch, 0) : null;
    }

    private SessionFolders FoldersOf(SessionRecord record) => new(_services.SessionsPath, _services.WorkPath, record.RouteId);
}
