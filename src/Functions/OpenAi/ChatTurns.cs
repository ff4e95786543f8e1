using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Makes chat completion requests turns: of the session that they name, or that knows the conversation that they tell.</summary>
internal sealed partial class ChatTurns(
    TurnRules rules,
    TurnSubmitter submitter,
    ITurnStore turns,
    SessionHeads heads,
    IConversationIndex conversations,
    TimeProvider time,
    ILogger<ChatTurns> logger)
{
    /// <summary>What the id of a turn ends in that asks again for an answer of the right form.</summary>
    private const string AgainEnding = "-again";

    /// <remarks>Not cancelled by a caller who leaves: what was taken has to be known.</remarks>
    public async Task<ChatSubmission> SubmitAsync(ChatRequest chat, ChatCaller caller, DurableTaskClient durable)
    {
        if (caller.Session is not null)
        {
            if (!SessionId.TryParse(caller.Session, out var named))
            {
                return new ChatSubmission.Refused(ProblemCatalogue.InvalidSessionId());
            }

            if (caller.Owner.FindProblem(named) is { } foreign)
            {
                return new ChatSubmission.Refused(foreign);
            }
        }

        var turnId = caller.Key ?? $"{caller.TurnPrefix}{TurnIdGeneration.NewTurnId(time).Value}";
        while (true)
        {
            var place = await FindPlaceAsync(chat, caller);
            if (place.Same is { } same)
            {
                return same.RequestHash == caller.Fingerprint
                    ? new ChatSubmission.Taken(await JoinAsync(same), null, place)
                    : new ChatSubmission.Refused(ProblemCatalogue.IdempotencyConflict());
            }

            var prompt = ConversationPrompt.Make(chat.Conversation, place.IsKnown, place.TellsInstructions, chat.Format?.Instructions);
            var request = new SubmitTurnRequest
            {
                Prompt = prompt.Text,
                Profile = chat.Model,
                Command = place.Clears ? "clear" : null,
                Attachments = prompt.Attachments.Count == 0 ? null : prompt.Attachments,
            };
            if (await SubmitAsync(request, caller, place, turnId, caller.Fingerprint, durable) is { } submission)
            {
                return submission;
            }
        }
    }

    /// <summary>Asks once more, right behind a turn whose answer is not of the form that was asked for.</summary>
    /// <returns>Null when the session has had another turn since.</returns>
    public Task<ChatSubmission?> AskAgainAsync(ChatRequest chat, ChatCaller caller, ChatSubmission.Taken first, string fault, DurableTaskClient durable)
    {
        var request = new SubmitTurnRequest { Prompt = AnswerFormat.AskAgain(fault), Profile = chat.Model };
        var place = first.Place with { After = first.Turn.TurnId };
        var id = first.Turn.TurnId.Value;
        return SubmitAsync(request, caller, place, $"{id[..Math.Min(id.Length, TurnId.MaxLength - AgainEnding.Length)]}{AgainEnding}", first.Turn.RequestHash, durable);
    }

    /// <summary>Remembers which session knows the conversation now.</summary>
    /// <param name="answer">As the client was told it.</param>
    public async Task NoteAnsweredAsync(ChatRequest chat, ChatCaller caller, ChatPlace place, TurnId turn, string answer)
    {
        if (caller.Session is not null)
        {
            return;
        }

        try
        {
            var known = new KnownConversation(place.Session, turn, chat.Conversation.InstructionsHash, place.Match?.Key);
            await conversations.NoteAsync(chat.Conversation.AnsweredHash(caller.Scope, answer), known, CancellationToken.None);
            if (place.Match?.Known.Previous is { } outlived)
            {
                await conversations.RemoveAsync(outlived, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            // The answer is there; the next request is told everything.
            LogNotNoted(exception, place.Session.Value);
        }
    }

    private async Task<ChatSubmission?> SubmitAsync(
        SubmitTurnRequest request,
        ChatCaller caller,
        ChatPlace place,
        string turnId,
        string fingerprint,
        DurableTaskClient durable)
    {
        var taken = rules.Check(request, place.Session.Value, turnId) switch
        {
            TurnValidation.Invalid invalid => new IntakeResult.Refused(invalid.Problem),
            TurnValidation.Valid valid => await submitter.TakeAsync(
                valid.Submission with { OneOff = place.OneOff, Place = new TurnPlace(place.After), Fingerprint = fingerprint, Caller = caller.Owner.Name },
                durable,
                CancellationToken.None),
            _ => throw new UnreachableException(),
        };
        return taken switch
        {
            IntakeResult.Accepted accepted => new ChatSubmission.Taken(accepted.Turn, accepted.Ended, place),
            IntakeResult.Refused refused => new ChatSubmission.Refused(refused.Problem),
            IntakeResult.Overtaken => null,
            _ => throw new UnreachableException(),
        };
    }

    private async Task<ChatPlace> FindPlaceAsync(ChatRequest chat, ChatCaller caller)
    {
        var conversation = chat.Conversation;
        if (SessionId.TryParse(caller.Session, out var named))
        {
            var (newest, same) = await LookAsync(named, caller);
            var knows = same is null && conversation.LastAnswer is { } told ? await KnowsAsync(named, newest, told) : true;
            return new ChatPlace(named, newest.Head?.TurnId)
            {
                Same = same,
                IsKnown = knows,
                Clears = !knows,
                TellsInstructions = !knows || conversation.Told.Count == 0,
            };
        }

        if (conversation.Told.Count > 0
            && conversation.ToldHash(caller.Scope) is var key
            && await conversations.FindAsync(key, CancellationToken.None) is { } known
            && caller.Owner.Owns(known.SessionId))
        {
            var (newest, same) = await LookAsync(known.SessionId, caller);
            if (same is not null || newest.Head?.TurnId == known.TurnId)
            {
                return new ChatPlace(known.SessionId, newest.Head?.TurnId)
                {
                    Same = same,
                    IsKnown = true,
                    TellsInstructions = known.Instructions != conversation.InstructionsHash,
                    Match = (key, known),
                };
            }
        }

        // The same request may have been answered there before, which is no part of this conversation.
        var (latest, repeated) = await LookAsync(caller.OwnSession, caller);
        return new ChatPlace(caller.OwnSession, latest.Head?.TurnId)
        {
            Same = repeated,
            Clears = latest.Head is not null,
            TellsInstructions = true,
            OneOff = true,
        };
    }

    /// <returns>The session's newest turn, and the turn in it that was made of the same request and has not ended; null when there is none.</returns>
    private async Task<(NewestTurn Newest, TurnRecord? Same)> LookAsync(SessionId session, ChatCaller caller)
    {
        var newest = await heads.FindAsync(session, CancellationToken.None);
        if (caller.Key is not null)
        {
            return (newest, TurnId.TryParse(caller.Key, out var key) ? await FindAsync(session, key) : null);
        }

        var open = newest.Open.LastOrDefault(ticket => ticket.TurnId.Value.StartsWith(caller.TurnPrefix, StringComparison.Ordinal));
        if (open is not null && await FindAsync(session, open.TurnId) is { } running && !running.Status.IsTerminal())
        {
            return (newest, running);
        }

        // It may have ended between a client's giving up and its next try.
        return caller.IsRetry
            && newest.Head is { TurnId: var last }
            && last.Value.StartsWith(caller.TurnPrefix, StringComparison.Ordinal)
            && await FindAsync(session, last) is { Status: TurnStatus.Completed } answered
                ? (newest, answered)
                : (newest, null);
    }

    // What was streamed may have more than the reply, namely what was said before tool calls; what was cut off at a stop sequence has less.
    private async Task<bool> KnowsAsync(SessionId session, NewestTurn newest, string told)
    {
        if (newest.Head is not { TurnId: var last } || await FindAsync(session, last) is not { Reply.Text: var said })
        {
            return false;
        }

        var (one, other) = (Normal(said), Normal(told));
        return one == other || (one.Length > 0 && other.EndsWith(one, StringComparison.Ordinal)) || (other.Length > 0 && one.StartsWith(other, StringComparison.Ordinal));
    }

    private static string Normal(string text) => text.ReplaceLineEndings("\n").Trim();

    private async Task<TurnRecord?> FindAsync(SessionId session, TurnId turn) =>
        (await turns.FindAsync(session, turn, CancellationToken.None))?.Value;

    // Whoever asked first may be about to leave, perhaps at another instance of the front.
    private async Task<TurnRecord> JoinAsync(TurnRecord turn)
    {
        while (!turn.Status.IsTerminal() && await turns.FindAsync(turn.SessionId, turn.TurnId, CancellationToken.None) is { } found)
        {
            try
            {
                return (await turns.UpdateAsync(found, found.Value with { JoinedAt = time.GetUtcNow() }, CancellationToken.None)).Value;
            }
            catch (ConcurrencyConflictException)
            {
                turn = found.Value;
            }
        }

        return turn;
    }

    [LoggerMessage(EventIds.ConversationNotNoted, LogLevel.Warning, "What session {SessionId} knows could not be noted: the next request of its client begins anew")]
    private partial void LogNotNoted(Exception exception, string sessionId);
}

/// <summary>Where a request's turn belongs.</summary>
/// <param name="After">The session's newest turn; null when there is none.</param>
internal sealed record ChatPlace(SessionId Session, TurnId? After)
{
    /// <summary>The turn that is there of the same request; null when there is none.</summary>
    public TurnRecord? Same { get; init; }

    /// <summary>Whether the session knows what the request tells up to its last answer.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether the session knows another conversation, which this one takes the place of.</summary>
    public bool Clears { get; init; }

    public bool TellsInstructions { get; init; }

    /// <summary>Whether it may well be the session's only turn.</summary>
    public bool OneOff { get; init; }

    /// <summary>The conversation that the request was found to go on with.</summary>
    public (string Key, KnownConversation Known)? Match { get; init; }
}

/// <summary>What became of a request.</summary>
internal abstract record ChatSubmission
{
    private ChatSubmission()
    {
    }

    /// <param name="Ended">See <see cref="IntakeResult.Accepted"/>.</param>
    public sealed record Taken(TurnRecord Turn, Task<TurnRecord?>? Ended, ChatPlace Place) : ChatSubmission;

    public sealed record Refused(Problem Problem) : ChatSubmission;
}
