using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Waiting;
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
    TurnNotifier notifier,
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

        switch (await AskDrainingAsync(input, found.Turn.Value, cancellationToken))
        {
            case (HostAnswer.Holds holds, var held, var otherHosts) when holds.Turn.Epoch == held.Epoch:
                return ToOutcome(input, holds, held) with { OtherHosts = otherHosts };
            case (HostAnswer.Refuses { Problem.Code: ProblemCodes.TurnNotFound }, _, _):
                // It stays an attempt: a host that could not write down how a turn ended no longer knows it either.
                input = input with { PreviousProblem = ProblemCatalogue.HostDraining() };
                break;
        }

        if (await ChooseAsync(input, found.Turn.Value, cancellationToken) is not var (host, placement, others))
        {
            return new DispatchOutcome { Setback = new TurnSetback(SetbackKind.Refused, ProblemCatalogue.NoHostAvailable(), null) };
        }

        while (true)
        {
            var before = found;
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
            if (answer is HostAnswer.Silent { Unreached: true } silent && found == before)
            {
                // It was given this attempt before, and that may have reached it.
                answer = silent with { Unreached = false };
            }

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

    /// <summary>Asks the host that was given the turn already, if it drains since: it takes no turn any more, but ends those that it has.</summary>
    /// <returns>What it said, where it runs the turn if it does, and the hosts that could take it; null when there is none to ask.</returns>
    private async Task<(HostAnswer Answer, Placement Held, IReadOnlyList<string> OtherHosts)?> AskDrainingAsync(
        DispatchTurn input,
        TurnRecord turn,
        CancellationToken cancellationToken)
    {
        if (FindOpen(turn) is not { } open || input.PreviousRefused || (input.Placement is { } known && IsSpent(open, known, input.RenewEpoch)))
        {
            return null;
        }

        // Of a run of the host that began later nothing can be learnt.
        var (all, now, held) = (await hosts.ListAsync(cancellationToken), time.GetUtcNow(), new Placement(open.HostId, open.Epoch));
        if (all.FirstOrDefault(host => host.HostId == held.HostId && host.StartedAt <= open.StartedAt) is not { Draining: true } draining || !draining.IsAliveAt(now))
        {
            return null;
        }

        var answer = await client.ProbeAsync(draining, input.SessionId, input.TurnId, cancellationToken);
        var other = HostSelection.Choose(all, new HostWish { Profile = turn.Profile }, now);
        return (answer, held, other is null ? [] : [other.Host.HostId, .. other.Others]);
    }

    private static TurnAttempt? FindOpen(TurnRecord turn) =>
        turn.Attempts is [.., { Outcome: AttemptOutcome.Running } open] ? open : null;

    // An attempt that is known to be over is still open in the row until the next one begins.
    private static bool IsSpent(TurnAttempt open, Placement known, bool renews) =>
        open.Epoch < known.Epoch || (open.Epoch == known.Epoch && renews);

    private async Task<HostChoice?> ChooseAsync(DispatchTurn input, TurnRecord turn, CancellationToken cancellationToken)
    {
        // This step has run before, or the intake has sent the turn on at once: that attempt is the one to go on with.
        var newer = FindOpen(turn) is { } open && open.Epoch > (input.Placement?.Epoch ?? 0) ? new Placement(open.HostId, open.Epoch) : null;
        var renew = input.RenewEpoch && newer is null;
        var held = newer ?? input.Placement ?? await FindPlacementAsync(input, cancellationToken);
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
                notifier.Announce(input.SessionId, input.TurnId);
                LogDispatched(turn, session, placement.HostId, placement.Epoch);
                var finished = holds.Turn.Epoch == placement.Epoch ? holds.Turn.Finished : null;
                return new DispatchOutcome { Placement = placement, Finished = finished };
            case HostAnswer.Refuses refuses:
                LogRefused(turn, session, placement.HostId, refuses.Problem.Code);
                return Setback(placement, SetbackKind.Refused, refuses.Problem);
            case HostAnswer.Silent silent:
                LogSilent(turn, session, placement.HostId, silent.Reason);

                // Without a connection nothing of the turn ran, as if the host had said no.
                return Setback(
                    placement,
                    silent.Unreached ? SetbackKind.Refused : SetbackKind.Silent,
                    ProblemCatalogue.HostUnreachable(placement.HostId));
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
