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

/// <summary>The mailbox of one session, key = session id: keeps its turns in order and starts them one at a time.</summary>
/// <remarks>It decides and never waits: no I/O, no process, no model call. The moves are <see cref="SessionTransitions"/>.</remarks>
internal sealed class SessionEntity(IOptions<BrokerOptions> options, TimeProvider time) : TaskEntity<SessionState>
{
    public void Submit(TurnTicket ticket) => Apply(new SessionCommand.Submit(ticket));

    public void Finish(FinishTurn finished) => Apply(new SessionCommand.Finish(finished.TurnId, finished.Placement));

    [Function(nameof(SessionEntity))]
    public Task RunAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    /// <summary>Puts a turn into its session's mailbox.</summary>
    /// <param name="dispatched">Where a host has the turn already; null when none has.</param>
    internal static Task SubmitAsync(DurableTaskClient durable, TurnRecord turn, Placement? dispatched, CancellationToken cancellationToken) =>
        durable.Entities.SignalEntityAsync(
            IdOf(turn.SessionId),
            nameof(Submit),
            new TurnTicket(turn.TurnId) { OnBusy = turn.OnBusy, ExpiresAt = turn.ExpiresAt, Dispatched = dispatched },
            cancellation: cancellationToken);

    internal static EntityInstanceId IdOf(SessionId session) =>
        new(nameof(SessionEntity), StorageKeys.SessionEntityKey(session));

    protected override SessionState InitializeState(TaskEntityOperation entityOperation) => SessionState.Empty;

    private void Apply(SessionCommand command)
    {
        var transition = SessionTransitions.Next(State, command, options.Value.MaxWaitingTurns, time.GetUtcNow());
        State = transition.State;
        foreach (var effect in transition.Effects)
        {
            Start(effect);
        }
    }

    private void Start(SessionEffect effect)
    {
        var session = SessionId.Parse(Context.Id.Key);
        var policy = TurnPolicy.From(options.Value);
        var input = effect switch
        {
            SessionEffect.Start start => new RunTurn(session, start.Ticket.TurnId, policy) { Placement = start.Placement, Dispatched = start.Dispatched },
            SessionEffect.Refuse refuse => new RunTurn(session, refuse.TurnId, policy) { Refusal = refuse.Problem },
            _ => throw new UnreachableException(),
        };
        Context.ScheduleNewOrchestration(
            nameof(TurnOrchestration),
            input,
            new StartOrchestrationOptions(StorageKeys.TurnInstanceId(session, input.TurnId)));
    }
}
