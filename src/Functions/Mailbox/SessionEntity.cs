using System.Diagnostics;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Mailbox;

/// <summary>The mailbox of one session, one entity a session: keeps its turns in order and starts them one at a time.</summary>
/// <remarks>It decides and never waits: no I/O, no process, no model call. The moves are <see cref="SessionTransitions"/>.</remarks>
internal sealed class SessionEntity(IOptions<BrokerOptions> options, TimeProvider time) : TaskEntity<SessionState>
{
    public void Submit(SubmitTurn submitted) => Apply(submitted.SessionId, new SessionCommand.Submit(submitted.Ticket));

    public void Finish(FinishTurn finished) => Apply(finished.SessionId, new SessionCommand.Finish(finished.TurnId, finished.Placement));

    public void Cancel(CancelTurn cancelled) => Apply(cancelled.SessionId, new SessionCommand.Cancel(cancelled.TurnId, cancelled.Ticket));

    public void Expire(NamedTurn turn) => Apply(turn.SessionId, new SessionCommand.Expire(turn.TurnId));

    public void Close(CloseSession close) => Apply(close.SessionId, new SessionCommand.Close(close.OnlyIfExpired) { Open = close.Open ?? [] });

    public void Erased(SessionId session) => Apply(session, new SessionCommand.Erased());

    // Not RunAsync: the worker finds a function's method by its name alone, and the base class has one of that name.
    [Function(nameof(SessionEntity))]
    public Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    /// <summary>Puts a turn into its session's mailbox.</summary>
    /// <param name="dispatched">The host that has the turn already; null when none has.</param>
    internal static Task SubmitAsync(DurableTaskClient durable, TurnRecord turn, TurnDispatch? dispatched, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(
            IdOf(turn.SessionId),
            nameof(Submit),
            new SubmitTurn(turn.SessionId, turn.ToTicket() with { Dispatched = dispatched, OpenBefore = turn.OpenBefore.Count > 0 ? turn.OpenBefore : null }),
            cancellation: cancellationToken);

    /// <summary>Says once more that a turn has ended, where the word of its orchestration was lost.</summary>
    internal static Task FinishAsync(DurableTaskClient durable, SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(IdOf(session), nameof(Finish), new FinishTurn(session, turn, Placement: null), cancellation: cancellationToken);

    /// <summary>Says once more that a session was removed, where the word of that orchestration was lost.</summary>
    internal static Task ReopenAsync(DurableTaskClient durable, SessionId session, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(IdOf(session), nameof(Erased), session, cancellation: cancellationToken);

    /// <summary>Cancels a turn that has not ended.</summary>
    internal static Task CancelAsync(DurableTaskClient durable, TurnRecord turn, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(IdOf(turn.SessionId), nameof(Cancel), new CancelTurn(turn.SessionId, turn.TurnId) { Ticket = turn.Attempts.Count > 0 ? turn.ToTicket() : null }, cancellation: cancellationToken);

    /// <summary>Ends a session: cancels its turns, then starts the orchestration <see cref="EraseSession"/>.</summary>
    /// <param name="open">Its turns that are not known to have ended, oldest first.</param>
    /// <param name="onlyIfExpired">Because the session's time is up; one in use is left as it is.</param>
    internal static Task CloseAsync(DurableTaskClient durable, SessionId session, IReadOnlyList<TurnTicket> open, bool onlyIfExpired, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(IdOf(session), nameof(Close), new CloseSession(session, onlyIfExpired) { Open = open }, cancellation: cancellationToken);

    internal static EntityInstanceId IdOf(SessionId session) =>
        new(nameof(SessionEntity), StorageKeys.SessionEntityKey(session));

    protected override SessionState InitializeState(TaskEntityOperation entityOperation) => SessionState.Empty;

    private void Apply(SessionId session, SessionCommand command)
    {
        var transition = SessionTransitions.Next(State, command, options.Value.MaxWaitingTurns, time.GetUtcNow());
        State = transition.State;
        foreach (var effect in transition.Effects)
        {
            Bring(effect, session);
        }
    }

    private void Bring(SessionEffect effect, SessionId session)
    {
        switch (effect)
        {
            case SessionEffect.Start(var ticket, var placement) start:
                Run(new RunTurn(session, ticket.TurnId, Policy) { Placement = placement, Dispatched = start.Dispatched, ExpiresAt = ticket.ExpiresAt });
                break;
            case SessionEffect.Refuse(var turn, var problem):
                Run(new RunTurn(session, turn, Policy) { Refusal = problem });
                break;
            case SessionEffect.Interrupt(var turn, var problem):
                Schedule(nameof(StopTurn), new StopTurn(session, turn, problem), StorageKeys.TurnStopInstanceId(session, turn));
                break;
            case SessionEffect.Remind(var turn, var at):
                Context.SignalEntity(Context.Id, nameof(Expire), new NamedTurn(session, turn), new SignalEntityOptions { SignalTime = at });
                break;
            case SessionEffect.Wipe(var placement, var onlyIfExpired):
                Schedule(nameof(EraseSession), new EraseSession(session, placement) { OnlyIfExpired = onlyIfExpired }, StorageKeys.EraseInstanceId(session));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private TurnPolicy Policy => TurnPolicy.From(options.Value);

    private void Run(RunTurn input) =>
        Schedule(nameof(TurnOrchestration), input, StorageKeys.TurnInstanceId(input.SessionId, input.TurnId));

    // An entity whose host is killed at the wrong moment does its last operations again. A start that is repeated so replaces the
    // instance that runs by a new one (tests/Platform.Tests): every orchestration here finds in the tables what the first one did.
    private void Schedule(string orchestration, object input, string instanceId) =>
        Context.ScheduleNewOrchestration(orchestration, input, new StartOrchestrationOptions(instanceId));
}

/// <summary>Input of the entity's operation <c>Submit</c>.</summary>
/// <remarks>Each input names its session: not every id can be the key of an entity, and so be read back from it.</remarks>
internal sealed record SubmitTurn(SessionId SessionId, TurnTicket Ticket);

/// <summary>Input of the entity's operation <c>Finish</c>.</summary>
internal sealed record FinishTurn(SessionId SessionId, TurnId TurnId, Placement? Placement);

/// <summary>Input of the entity's operation <c>Cancel</c>.</summary>
internal sealed record CancelTurn(SessionId SessionId, TurnId TurnId)
{
    /// <summary>Of a turn that a host may have without the mailbox having heard of it; null of any other.</summary>
    public TurnTicket? Ticket { get; init; }
}

/// <summary>Input of the entity's operation <c>Expire</c>.</summary>
internal sealed record NamedTurn(SessionId SessionId, TurnId TurnId);

/// <summary>Input of the entity's operation <c>Close</c>.</summary>
/// <param name="OnlyIfExpired">Because the session's time is up; one in use is left as it is.</param>
internal sealed record CloseSession(SessionId SessionId, bool OnlyIfExpired)
{
    /// <summary>Turns of which the mailbox may not have heard, oldest first; null in a message of an earlier version.</summary>
    public IReadOnlyList<TurnTicket>? Open { get; init; }
}

/// <summary>Input of the orchestration <c>EraseSession</c>, which the mailbox starts when a session that is to end is idle.</summary>
/// <remarks>
/// Whatever comes of it, the orchestration ends by signalling the mailbox's operation <c>Erased</c>,
/// which lets turns begin again. Turns that were submitted meanwhile wait in the mailbox and then begin a new
/// conversation, so the rows of turns that have not ended are left alone.
/// </remarks>
/// <param name="Placement">Where the session was placed last; null when nowhere.</param>
internal sealed record EraseSession(SessionId SessionId, Placement? Placement)
{
    /// <summary>Whether the session ends because its time is up: one that has been used meanwhile is to be left as it is.</summary>
    public bool OnlyIfExpired { get; init; }
}
