using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Waits for the answer to a request that was taken, and answers when it is there.</summary>
internal sealed class ChatCompleter(ChatTurns turns, ChatPresence presence, TurnWaiter waiter, TimeProvider time)
{
    /// <param name="taken">The request's turn.</param>
    /// <param name="cancellationToken">Fires when the caller has gone.</param>
    public async Task<IResult> CompleteAsync(
        ChatRequest chat,
        ChatCaller caller,
        ChatSubmission.Taken taken,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var end = await FinishAsync(chat, caller, taken, WaitPreference.Longest, durable, cancellationToken);
        return end.Problem is { } problem
            ? new OpenAiErrorResult(problem, mayRetry: end.MayRetry) { Turn = end.Turn }
            : new ChatCompletionResult(end.Turn, end.Reply!, chat.Model);
    }

    /// <summary>Waits until there is an answer in the form that was asked for, or none can be had.</summary>
    public async Task<ChatEnd> FinishAsync(
        ChatRequest chat,
        ChatCaller caller,
        ChatSubmission.Taken taken,
        TimeSpan limit,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var turn = await WaitAsync(taken, caller, limit, durable, cancellationToken);
        if (turn is not { Status: TurnStatus.Completed, Reply: { } reply })
        {
            return ChatEnd.Of(turn, caller.Key is not null);
        }

        var text = chat.Stop.Cut(reply.Text);
        if (chat.Format?.FindFault(text, out text) is { } fault)
        {
            if (await turns.AskAgainAsync(chat, caller, taken, fault, durable) is not ChatSubmission.Taken again)
            {
                return ChatEnd.WithoutForm(turn, fault);
            }

            turn = await WaitAsync(again, caller, limit - time.GetElapsedTime(started), durable, cancellationToken);
            if (turn is not { Status: TurnStatus.Completed, Reply: { } second })
            {
                return ChatEnd.Of(turn, caller.Key is not null);
            }

            reply = Sum(reply, second);
            if (chat.Format.FindFault(chat.Stop.Cut(second.Text), out text) is { } remaining)
            {
                return ChatEnd.WithoutForm(turn, remaining);
            }
        }

        await turns.NoteAnsweredAsync(chat, caller, taken.Place, turn.TurnId, text);
        return new ChatEnd(turn, reply with { Text = text }, null, MayRetry: false);
    }

    private async Task<TurnRecord> WaitAsync(
        ChatSubmission.Taken taken,
        ChatCaller caller,
        TimeSpan limit,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        using var attendance = presence.Attend(taken.Turn, durable);
        if (caller.Key is not null)
        {
            // He can ask for it by its name.
            attendance.Answered();
        }

        var turn = await waiter.WaitAsync(taken.Turn, taken.Ended, limit, cancellationToken);
        if (turn.Status.IsTerminal())
        {
            attendance.Answered();
        }

        return turn;
    }

    private static Reply Sum(Reply first, Reply second) => second with
    {
        CostUsd = first.CostUsd + second.CostUsd,
        Usage = new TokenUsage
        {
            InputTokens = first.Usage.InputTokens + second.Usage.InputTokens,
            OutputTokens = first.Usage.OutputTokens + second.Usage.OutputTokens,
            CacheReadTokens = first.Usage.CacheReadTokens + second.Usage.CacheReadTokens,
            CacheWriteTokens = first.Usage.CacheWriteTokens + second.Usage.CacheWriteTokens,
        },
        Notices = [.. first.Notices.Union(second.Notices)],
    };
}

/// <summary>How a request ended.</summary>
/// <param name="Turn">The last turn that was made of it.</param>
/// <param name="Reply">What its caller is told; null when there is none.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="MayRetry">Whether the same request may be sent again as it is.</param>
internal sealed record ChatEnd(TurnRecord Turn, Reply? Reply, Problem? Problem, bool MayRetry)
{
    /// <param name="turn">A turn without an answer, so far.</param>
    /// <param name="isKeyed">Whether the same request again is the same turn whatever has become of it.</param>
    public static ChatEnd Of(TurnRecord turn, bool isKeyed) => turn.Status.IsTerminal()
        ? new ChatEnd(turn, null, turn.Problem ?? ProblemCatalogue.TurnCancelled(), turn.Problem?.Retryable == true && !isKeyed)
        : new ChatEnd(turn, null, ProblemCatalogue.ReplyNotReady(turn.Location()), MayRetry: true);

    public static ChatEnd WithoutForm(TurnRecord turn, string fault) => new(turn, null, ProblemCatalogue.AnswerFormatMissed(fault), MayRetry: false);
}
