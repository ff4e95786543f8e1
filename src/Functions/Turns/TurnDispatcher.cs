using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Placements;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Gives turns to session hosts.</summary>
internal sealed partial class TurnDispatcher(
    ITurnStore turns,
    ISessionStore sessions,
    HostDirectory hosts,
    SessionHostClient client,
    AttachmentKeeper attachments,
    TurnNews news,
    HostTurnRequests requests,
    TimeProvider time,
    ILogger<TurnDispatcher> logger)
{
    /// <summary>Chooses a host, writes down the attempt under its epoch, and sends the turn.</summary>
    /// <remarks>The row comes first: from then on only a host that was given this epoch can end the turn.</remarks>
    public async Task<DispatchOutcome> DispatchAsync(DispatchTurn input, CancellationToken cancellationToken)
    {
        var found = await turns.FindWithPromptAsync(input.SessionId, input.TurnId, cancellationToken);
        if (found is null)
        {
            LogNoRow(input.TurnId.Value, input.SessionId.Value);
            return new DispatchOutcome { Ended = true };
        }

        if (await ChooseAsync(input, found.Turn.Value, cancellationToken) is not var (host, placement, others))
        {
            return new DispatchOutcome { Setback = new TurnSetback(SetbackKind.Refused, ProblemCatalogue.NoHostAvailable(), null) };
        }

        while (true)
        {
            found = await BeginAsync(input, found, placement, cancellationToken);
            if (found is null)
            {
                return new DispatchOutcome { Ended = true };
            }

            if (await attachments.ReadAsync(found.Turn.Value, cancellationToken) is not { } sentAlong)
            {
                return Setback(placement, SetbackKind.Failed, AttachmentKeeper.Lost);
            }

            using var step = Diagnostics.StartStep("dispatch turn", found.Turn.Value);
            var answer = await client.RunAsync(host, input.SessionId, requests.For(found.Turn.Value, found.Prompt, sentAlong), cancellationToken);
            if (answer is HostAnswer.Refuses { Problem.Code: ProblemCodes.StaleEpoch }
                && await FindHeldEpochAsync(input, cancellationToken) is { } held
                && held >= placement.Epoch)
            {
                placement = placement with { Epoch = held + 1 };
                continue;
            }

            return ToOutcome(input, answer, placement) with { OtherHosts = others };
        }
    }

    private async Task<HostChoice?> ChooseAsync(DispatchTurn input, TurnRecord turn, CancellationToken cancellationToken)
    {
        var held = input.Placement;
        var renew = input.RenewEpoch;
        if (turn.Attempts is [.., { Outcome: AttemptOutcome.Running } open] && open.Epoch > (held?.Epoch ?? 0))
        {
            // This step has run before, or the intake has sent the turn on at once: that attempt is the one to go on with.
            held = new Placement(open.HostId, open.Epoch);
            renew = false;
        }

        held ??= await FindPlacementAsync(input, cancellationToken);
        var wish = new HostWish
        {
            Placement = held,
            RenewEpoch = renew,
            Avoid = input.Avoid,
            Profile = turn.Profile,
            PlacedSince = hosts.CountPlaced,
        };
        var choice = HostSelection.Choose(await hosts.ListAsync(cancellationToken), wish, time.GetUtcNow());
        if (choice is not null && choice.Host.HostId != held?.HostId)
        {
            hosts.NotePlaced(choice.Host);
        }

        return choice;
    }

    // A session that the mailbox knows nothing of yet may have been declared on a host, or have been used before.
    private async Task<Placement?> FindPlacementAsync(DispatchTurn input, CancellationToken cancellationToken) =>
        await sessions.FindAsync(input.SessionId, cancellationToken) is { Value: var session }
            ? new Placement(session.HostId ?? string.Empty, session.Epoch)
            : null;

    /// <returns>The turn with its new attempt, or null when it has ended.</returns>
    private async Task<TurnWithPrompt?> BeginAsync(
        DispatchTurn input,
        TurnWithPrompt found,
        Placement placement,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var turn = found.Turn.Value;
            if (turn.Status.IsTerminal())
            {
                return null;
            }

            if (turn.Attempts is [.., { Outcome: AttemptOutcome.Running } last] && last.Epoch == placement.Epoch && last.HostId == placement.HostId)
            {
                return found;
            }

            try
            {
                var before = input.PreviousRefused ? TurnAttempts.Withdraw(turn) : turn;
                var begun = TurnAttempts.Begin(before, placement.HostId, placement.Epoch, input.PreviousProblem, time.GetUtcNow());
                return found with { Turn = await turns.UpdateAsync(found.Turn, begun, cancellationToken) };
            }
            catch (ConcurrencyConflictException)
            {
                // A host wrote the end of an earlier attempt: read it and decide again.
            }

            if (await turns.FindWithPromptAsync(input.SessionId, input.TurnId, cancellationToken) is not { } again)
            {
                return null;
            }

            found = again;
        }
    }

    private async Task<long?> FindHeldEpochAsync(DispatchTurn input, CancellationToken cancellationToken) =>
        (await sessions.FindAsync(input.SessionId, cancellationToken))?.Value.Epoch;

    private DispatchOutcome ToOutcome(DispatchTurn input, HostAnswer answer, Placement placement)
    {
        var (session, turn) = (input.SessionId.Value, input.TurnId.Value);
        switch (answer)
        {
            case HostAnswer.Holds holds:
                news.Announce(input.SessionId, input.TurnId);
                LogDispatched(turn, session, placement.HostId, placement.Epoch);
                var finished = holds.Turn.Epoch == placement.Epoch ? holds.Turn.Finished : null;
                return new DispatchOutcome { Placement = placement, Finished = finished };
            case HostAnswer.Refuses refuses:
                LogRefused(turn, session, placement.HostId, refuses.Problem.Code);
                return Setback(placement, SetbackKind.Refused, refuses.Problem);
            case HostAnswer.Silent silent:
                LogSilent(turn, session, placement.HostId, silent.Reason);
                return Setback(placement, SetbackKind.Silent, ProblemCatalogue.HostUnreachable(placement.HostId));
            default:
                throw new UnreachableException();
        }
    }

    private static DispatchOutcome Setback(Placement placement, SetbackKind kind, Problem problem) =>
        new() { Placement = placement, Setback = new TurnSetback(kind, problem, placement.HostId) };

    [LoggerMessage(EventIds.TurnWithoutRow, LogLevel.Warning, "Turn {TurnId} of session {SessionId} has no row any more and is not run")]
    private partial void LogNoRow(string turnId, string sessionId);

    [LoggerMessage(EventIds.TurnDispatched, LogLevel.Information, "Turn {TurnId} of session {SessionId} runs on {HostId} under epoch {Epoch}")]
    private partial void LogDispatched(string turnId, string sessionId, string hostId, long epoch);

    [LoggerMessage(EventIds.HostRefusedTurn, LogLevel.Warning, "Turn {TurnId} of session {SessionId} was refused by {HostId}: {Code}")]
    private partial void LogRefused(string turnId, string sessionId, string hostId, string code);

    [LoggerMessage(EventIds.HostDidNotAnswer, LogLevel.Warning, "Turn {TurnId} of session {SessionId}: {HostId} did not answer ({Reason})")]
    private partial void LogSilent(string turnId, string sessionId, string hostId, string reason);
}
