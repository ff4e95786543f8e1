using FunctionsBroker.Functions.Turns;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>The steps of a turn that touch the world. Each may run twice and then has one effect.</summary>
internal sealed class TurnActivities(TurnDispatcher dispatcher, TurnProbe probe, TurnPublisher publisher)
{
    [Function(nameof(DispatchTurn))]
    public Task<DispatchOutcome> DispatchTurn([ActivityTrigger] DispatchTurn input, CancellationToken cancellationToken) =>
        dispatcher.DispatchAsync(input, cancellationToken);

    [Function(nameof(ProbeTurn))]
    public Task<ProbeOutcome> ProbeTurn([ActivityTrigger] ProbeTurn input, CancellationToken cancellationToken) =>
        probe.AskAsync(input, cancellationToken);

    [Function(nameof(CancelAttempt))]
    public Task<ProbeOutcome> CancelAttempt([ActivityTrigger] ProbeTurn input, CancellationToken cancellationToken) =>
        probe.CancelAsync(input, cancellationToken);

    [Function(nameof(PublishReply))]
    public Task PublishReply([ActivityTrigger] PublishReply input, CancellationToken cancellationToken) =>
        publisher.PublishAsync(input, cancellationToken);
}
