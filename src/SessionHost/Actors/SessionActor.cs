using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Outcomes;
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

    /// <summary>How long no turn has run; zero while one does.</summary>
    public TimeSpan IdleTime => IsRunning ? TimeSpan.Zero : _services.Time.GetElapsedTime(Volatile.Read(ref _idleSince));

    /// <returns>False when the actor has ended: the session needs a new one.</returns>
    public bool TryPost(SessionCommand command) => _mailbox.Writer.TryWrite(command);

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
            await _running;
            await _process.GiveUpAsync();
        }
        finally
        {
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
            case SessionCommand.StopTurn(var reason):
                _run?.Stop(reason);
                break;
            case SessionCommand.CancelTurn(var turnId, var answer):
                answer.TrySetResult(Cancel(turnId));
                break;
            case SessionCommand.TurnEnded(var request, var finished, var recording):
                await EndTurnAsync(request, finished, recording);
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
            case SessionCommand.Delete(var route, var answer):
                await AnswerAsync(answer, () => DeleteAsync(route));
                break;
        }
    }

    private async Task<SubmitOutcome> SubmitAsync(HostTurnRequest request)
    {
        if (_run is { } run)
        {
            return await JoinAsync(run, request);
        }

        if (_last is { } last && last.Request.TurnId == request.TurnId && await RepeatAsync(last, request) is { } repeated)
        {
            return repeated;
        }

        if (request.Profile is { } profile && !_services.Profiles.Contains(profile))
        {
            return Rejected(ProblemCatalogue.UnknownProfile(profile, _services.Profiles.Names));
        }

        if (await ClaimAsync(request) is { } problem)
        {
            return Rejected(problem);
        }

        if (CheckAttachments(request, out var attachments) is { } fault)
        {
            return Rejected(fault);
        }

        if (!_process.TryUse())
        {
            return Rejected(ProblemCatalogue.HostAtCapacity(_services.Slots.Limit));
        }

        run = NewRun(request, _services.Time.GetUtcNow(), attachments);
        Volatile.Write(ref _run, run);
        Track(RunAsync(run));
        return Running(request, run);
    }

    // The turn is running. Its front may have lost sight of it and dispatched it again under a new epoch.
    private async Task<SubmitOutcome> JoinAsync(TurnRun run, HostTurnRequest request)
    {
        if (run.Request.TurnId != request.TurnId)
        {
            return Rejected(ProblemCatalogue.SessionBusy());
        }

        if (request.Epoch < run.Request.Epoch)
        {
            return Rejected(ProblemCatalogue.StaleEpoch(run.Request.Epoch, request.Epoch));
        }

        if (request.Epoch > run.Request.Epoch)
        {
            if (await ClaimAsync(request) is { } problem)
            {
                return Rejected(problem);
            }

            run.Request = request;
        }

        return Running(request, run);
    }

    // The turn has run here. Null means that it is to be run once more.
    private async Task<SubmitOutcome?> RepeatAsync(LastTurn last, HostTurnRequest request)
    {
        if (request.Epoch < last.Request.Epoch)
        {
            return Rejected(ProblemCatalogue.StaleEpoch(last.Request.Epoch, request.Epoch));
        }

        var sameAttempt = request.Epoch == last.Request.Epoch && request.Attempt <= last.Request.Attempt;
        if (sameAttempt || (last.Recorded && last.Finished.Outcome == AttemptOutcome.Completed))
        {
            return new SubmitOutcome.Accepted(ToHostTurn(request, HostTurnState.Finished, last.Finished), s_notRecorded);
        }

        if (last.Finished.Reply is null)
        {
            return null;
        }

        // It was answered, but under an epoch that no longer counted: the answer is recorded under the new one.
        if (await ClaimAsync(request) is { } problem)
        {
            return Rejected(problem);
        }

        var run = NewRun(request, last.Finished.StartedAt, []);
        Volatile.Write(ref _run, run);
        Track(FinishAsync(run, last.Finished));
        return Running(request, run);
    }

    private async Task<Problem?> ClaimAsync(HostTurnRequest request)
    {
        // While its process lives nobody else has resumed the conversation on this machine; without one, look again.
        var trustHeld = _run is not null || _process.IsAlive;
        var taken = _claim.TakeAsync(request.Epoch, request.Profile, SessionHostOptions.DefaultProfile, trustHeld, CancellationToken.None);
        return await taken is Ownership.Lost(var held) ? ProblemCatalogue.StaleEpoch(held, request.Epoch) : null;
    }

    private HostTurn? Find(string turnId)
    {
        if (_run is { } run && run.Request.TurnId == turnId)
        {
            return ToHostTurn(run.Request, HostTurnState.Running, null);
        }

        return _last is { } last && last.Request.TurnId == turnId
            ? ToHostTurn(last.Request, HostTurnState.Finished, last.Finished)
            : null;
    }

    private async Task EndTurnAsync(HostTurnRequest request, FinishedTurn finished, Recording recording)
    {
        if (_run is not { } run)
        {
            return;
        }

        var (result, recorded) = recording;
        if (recorded is not null)
        {
            // Whoever hears of it may send the next turn at once: that is looked at after this.
            run.TellRecorded(recorded);
        }

        // What nobody could be told of is not claimed to have ended: the next attempt finds the answer in the transcript.
        _last = result == RecordResult.GivenUp ? null : LastTurn.Of(request, finished, result == RecordResult.Recorded);
        if (run.Request != request)
        {
            // Taken over at the last moment: an answer counts under the newer epoch too, a failure is tried again.
            run.Observer.Observe(new TurnProgress.Reset(TakenOver));
            Track(finished.Reply is null ? RunAsync(run) : FinishAsync(run, finished));
            return;
        }

        EndEvents(run, finished, result);
        run.Dispose();
        Volatile.Write(ref _idleSince, _services.Time.GetTimestamp());
        Volatile.Write(ref _run, null);
        await (_recycling ? _process.GiveUpAsync() : _process.RestAsync());
        _recycling = false;
        EndLoopIfRetired();
    }

    private async Task<Problem?> DeleteAsync(RouteId? route)
    {
        if (_run is not null)
        {
            return ProblemCatalogue.SessionBusy();
        }

        await _process.GiveUpAsync();
        if (route is { } released)
        {
            new SessionFolders(_services.SessionsPath, _services.WorkPath, released).Delete();
            EndLoop();
            return null;
        }

        var deleted = await _claim.DeleteAsync(record => _process.FoldersOf(record).Delete(), CancellationToken.None);
        EndLoop();
        return deleted is Ownership.Lost(var epoch) ? ProblemCatalogue.StaleEpoch(epoch, 0) : null;
    }

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

    // A turn's last writes may still go on when the next turn begins.
    private void Track(Task task) => _running = _running.IsCompleted ? task : Task.WhenAll(_running, task);

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

    private SubmitOutcome.Accepted Running(HostTurnRequest request, TurnRun run) =>
        new(ToHostTurn(request, HostTurnState.Running, null), run.Recorded);

    private HostTurn ToHostTurn(HostTurnRequest request, HostTurnState state, FinishedTurn? finished) => new()
    {
        TurnId = request.TurnId,
        Epoch = request.Epoch,
        State = state,
        Finished = finished?.ToMessage(_session.Value, request),
    };

    private static SubmitOutcome.Rejected Rejected(Problem problem) => new(problem);
}
