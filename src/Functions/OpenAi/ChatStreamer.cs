using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Answers a request that was taken while its turn runs.</summary>
internal sealed class ChatStreamer(
    ChatTurns turns,
    ChatPresence presence,
    ChatCompleter completer,
    ITurnEventSource source,
    IOptions<BrokerOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan s_asLongAsItTakes = TimeSpan.FromDays(2);

    /// <param name="taken">The request's turn.</param>
    /// <param name="withUsage">Whether the caller wants the usage told.</param>
    /// <param name="cancellationToken">Fires when the caller has gone or this instance goes.</param>
    public IResult Stream(
        ChatRequest chat,
        ChatCaller caller,
        ChatSubmission.Taken taken,
        bool withUsage,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        // One that is there already and failed is told with its status, which a stream has no place for.
        if (taken.Turn is { Problem: { } problem } turn && turn.Status.IsTerminal())
        {
            return new OpenAiErrorResult(problem, mayRetry: false) { Turn = turn };
        }

        var chunks = new ChatChunks(taken.Turn, chat.Model, chat.Stop, withUsage);
        var pieces = chat.Format is null
            ? TellAsync(chat, caller, taken, chunks, durable, cancellationToken)
            : TellWholeAsync(chat, caller, taken, chunks, durable, cancellationToken);
        return new ChatStream(taken.Turn, pieces, options.Value.EventHeartbeat, time, cancellationToken);
    }

    private async IAsyncEnumerable<byte[]> TellAsync(
        ChatRequest chat,
        ChatCaller caller,
        ChatSubmission.Taken taken,
        ChatChunks chunks,
        DurableTaskClient durable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever leaves a stream does not come back to it.
        using var attendance = presence.Attend(taken.Turn, durable);
        attendance.Patience = caller.Key is null ? TimeSpan.Zero : null;
        var events = source.ListenAsync(taken.Turn, lastEventId: null, new EntityMailbox(durable), cancellationToken);
        await foreach (var piece in chunks.TellAsync(events, cancellationToken))
        {
            if (chunks.HasEnded && attendance.Patience is not null)
            {
                attendance.Answered();
            }

            yield return piece;
        }

        if (chunks.Told is { } told)
        {
            await turns.NoteAnsweredAsync(chat, caller, taken.Place, taken.Turn.TurnId, told);
        }
    }

    // What is not of the form that was asked for must not be told.
    private async IAsyncEnumerable<byte[]> TellWholeAsync(
        ChatRequest chat,
        ChatCaller caller,
        ChatSubmission.Taken taken,
        ChatChunks chunks,
        DurableTaskClient durable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return chunks.Begin();
        var end = await completer.FinishAsync(chat, caller, taken, s_asLongAsItTakes, durable, cancellationToken);
        foreach (var piece in end is { Reply: { } reply } ? chunks.TellWhole(reply) : [ChatChunks.Error(end.Problem!)])
        {
            yield return piece;
        }
    }
}
