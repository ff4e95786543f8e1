using System.Diagnostics;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Placements;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Gives turns to session hosts and asks after them.</summary>
internal sealed partial class TurnDispatcher(
    ITurnStore turns,
    ISessionStore sessions,
    HostDirectory hosts,
    SessionHostClient client,
    TurnNews news,
    IOptions<BrokerOptions> options,
    TimeProvider time,
    ILogger<TurnDispatcher> logger)
{
    private readonly Uri _callbackUrl = new(options.Value.CallbackBaseUrl!, "/api/callbacks/turns");

    /// <summary>Chooses a host, writes down the attempt under its epoch, and sends the turn.</summary>
    /// <remarks>The row comes first: from then on only a host that was given this epoch can end the turn.</remarks>
    public async Task<DispatchOutcome> DispatchAsync(DispatchTurn input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await hosts.ListAsync(cancellationToken);
        var choice = HostSelection.Choose(known, input.Placement, input.RenewEpoch, input.AvoidHostId, now);
        if (choice is not var (host, epoch))
        {
            return new DispatchOutcome { Problem = ProblemCatalogue.NoHostAvailable() };
        }

        while (true)
        {
            var turn = await BeginAsync(input, host, epoch, cancellationToken);
            if (turn is null)
            {
                return new DispatchOutcome { Ended = true };
            }

            var answer = await client.RunAsync(host, input.SessionId, ToRequest(turn, epoch), cancellationToken);
            if (answer is HostAnswer.Refuses { Problem.Code: ProblemCodes.StaleEpoch }
                && await FindHeldEpochAsync(input, cancellationToken) is { } held
                && held >= epoch)
            {
                epoch = held + 1;
                continue;
            }

            return ToOutcome(input, answer, new Placement(host.HostId, epoch));
        }
    }

    /// <summary>Finds out what has become of a running turn: from its row, then from its host.</summary>
    public async Task<ProbeOutcome> ProbeAsync(ProbeTurn input, CancellationToken cancellationToken)
    {
        if (await FindEndAsync(input, cancellationToken) is { } ended)
        {
            return ended;
        }

        var known = await hosts.ListAsync(cancellationToken);
        var host = known.FirstOrDefault(candidate => candidate.HostId == input.Placement.HostId);
        if (host is null)
        {
            return new ProbeOutcome { Lost = true };
        }

        return await client.ProbeAsync(host, input.SessionId, input.TurnId, cancellationToken) switch
        {
            HostAnswer.Holds { Turn.State: HostTurnState.Running } => new ProbeOutcome(),
            HostAnswer.Holds holds when holds.Turn.Epoch == input.Placement.Epoch => new ProbeOutcome { Finished = holds.Turn.Finished },

            // The host began anew, or the end of the turn came between the two questions.
            HostAnswer.Holds or HostAnswer.Refuses => await FindEndAsync(input, cancellationToken) ?? new ProbeOutcome { Lost = true },
            HostAnswer.Silent => new ProbeOutcome { Lost = !host.IsAliveAt(time.GetUtcNow()) },
            _ => throw new UnreachableException(),
        };
    }

    /// <returns>The turn with its new attempt, or null when it has ended.</returns>
    private async Task<TurnWithPrompt?> BeginAsync(
        DispatchTurn input,
        HostRecord host,
        long epoch,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await turns.FindWithPromptAsync(input.SessionId, input.TurnId, cancellationToken)
                ?? throw new InvalidOperationException($"Turn '{input.TurnId}' of session '{input.SessionId}' has no row.");
            var turn = found.Turn.Value;
            if (turn.Status.IsTerminal())
            {
                return null;
            }

            if (turn.Attempts is [.., { Outcome: AttemptOutcome.Running } last] && last.Epoch == epoch && last.HostId == host.HostId)
            {
                return found;
            }

            try
            {
                var begun = TurnAttempts.Begin(turn, host.HostId, epoch, input.PreviousProblem, time.GetUtcNow());
                return found with { Turn = await turns.UpdateAsync(found.Turn, begun, cancellationToken) };
            }
            catch (ConcurrencyConflictException)
            {
                // A host wrote the end of an earlier attempt: read it and decide again.
            }
        }
    }

    private async Task<long?> FindHeldEpochAsync(DispatchTurn input, CancellationToken cancellationToken) =>
        (await sessions.FindAsync(input.SessionId, cancellationToken))?.Value.Epoch;

    private async Task<ProbeOutcome?> FindEndAsync(ProbeTurn input, CancellationToken cancellationToken)
    {
        var found = await turns.FindAsync(input.SessionId, input.TurnId, cancellationToken);
        return found is { Value.Status: TurnStatus.Completed }
            ? new ProbeOutcome
            {
                Finished = new TurnFinished
                {
                    SessionId = input.SessionId.Value,
                    TurnId = input.TurnId.Value,
                    Epoch = input.Placement.Epoch,
                    Outcome = AttemptOutcome.Completed,
                },
            }
            : null;
    }

    private HostTurnRequest ToRequest(TurnWithPrompt turn, long epoch) => new()
    {
        TurnId = turn.Turn.Value.TurnId.Value,
        Epoch = epoch,
        Attempt = turn.Turn.Value.Attempts.Count,
        Prompt = turn.Prompt,
        Profile = turn.Turn.Value.Profile,
        CallbackUrl = _callbackUrl,
    };

    private DispatchOutcome ToOutcome(DispatchTurn input, HostAnswer answer, Placement placement)
    {
        var (session, turn) = (input.SessionId.Value, input.TurnId.Value);
        switch (answer)
        {
            case HostAnswer.Holds:
                news.Announce(input.SessionId, input.TurnId);
                LogDispatched(turn, session, placement.HostId, placement.Epoch);
                return new DispatchOutcome { Placement = placement };
            case HostAnswer.Refuses refuses:
                LogRefused(turn, session, placement.HostId, refuses.Problem.Code);
                return new DispatchOutcome { Placement = placement, Problem = refuses.Problem };
            case HostAnswer.Silent silent:
                LogSilent(turn, session, placement.HostId, silent.Reason);
                return new DispatchOutcome { Placement = placement, Problem = ProblemCatalogue.HostUnreachable(placement.HostId) };
            default:
                throw new UnreachableException();
        }
    }

    [LoggerMessage(EventIds.TurnDispatched, LogLevel.Information, "Turn {TurnId} of session {SessionId} runs on {HostId} under epoch {Epoch}")]
    private partial void LogDispatched(string turnId, string sessionId, string hostId, long epoch);

    [LoggerMessage(EventIds.HostRefusedTurn, LogLevel.Warning, "Turn {TurnId} of session {SessionId} was refused by {HostId}: {Code}")]
    private partial void LogRefused(string turnId, string sessionId, string hostId, string code);

    [LoggerMessage(EventIds.HostDidNotAnswer, LogLevel.Warning, "Turn {TurnId} of session {SessionId}: {HostId} did not answer ({Reason})")]
    private partial void LogSilent(string turnId, string sessionId, string hostId, string reason);
}
