using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Runs a chat completion request as a turn, and answers when the turn has ended.</summary>
internal sealed class ChatCompleter(TurnSubmitter submitter)
{
    /// <param name="chat">The turn.</param>
    /// <param name="turnId">Its id.</param>
    /// <param name="isKeyed">Whether the caller chose the id, so that the same request again is the same turn.</param>
    /// <param name="durable">Where the turn is kept.</param>
    /// <param name="cancellationToken">Fires when the caller has gone; the turn goes on.</param>
    public async Task<IResult> CompleteAsync(
        ChatReading.Turn chat,
        string turnId,
        bool isKeyed,
        DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        await submitter.SubmitAsync(chat.Request, chat.SessionId, turnId, WaitPreference.Longest, durable, cancellationToken) switch
        {
            IntakeResult.Accepted accepted => Answer(accepted.Turn, chat.Request.Profile!, isKeyed),
            IntakeResult.Refused refused => new OpenAiErrorResult(refused.Problem),
            _ => throw new UnreachableException(),
        };

    /// <summary>What is answered when the wait is over.</summary>
    internal static IResult Answer(TurnRecord turn, string model, bool isKeyed) => turn switch
    {
        { Status: TurnStatus.Completed, Reply: { } reply } => new ChatCompletionResult(turn, reply, model),
        { Status: TurnStatus.Queued or TurnStatus.Running } =>
            new OpenAiErrorResult(ProblemCatalogue.ReplyNotReady(turn.Location()), mayRetry: isKeyed) { Turn = turn },

        // Under the same key the same request would only be told the same again.
        _ => new OpenAiErrorResult(turn.Problem ?? ProblemCatalogue.TurnCancelled(), mayRetry: turn.Problem?.Retryable == true && !isKeyed) { Turn = turn },
    };
}

/// <summary>Runs a chat completion request as a turn, and answers while the turn runs.</summary>
internal sealed class ChatStreamer(TurnSubmitter submitter, ITurnEventSource source, IOptions<BrokerOptions> options, TimeProvider time)
{
    /// <param name="chat">The turn.</param>
    /// <param name="turnId">Its id.</param>
    /// <param name="withUsage">Whether the caller wants the usage told.</param>
    /// <param name="durable">Where the turn is kept.</param>
    /// <param name="cancellationToken">Fires when the caller has gone or this instance goes; the turn goes on.</param>
    public async Task<IResult> StreamAsync(
        ChatReading.Turn chat,
        string turnId,
        bool withUsage,
        DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        await submitter.SubmitAsync(chat.Request, chat.SessionId, turnId, TimeSpan.Zero, durable, cancellationToken) switch
        {
            // One that is there already and failed is told with its status, which a stream has no place for.
            IntakeResult.Accepted { Turn: { Problem: { } problem } turn } when turn.Status.IsTerminal() =>
                new OpenAiErrorResult(problem, mayRetry: false) { Turn = turn },
            IntakeResult.Accepted accepted => Stream(accepted.Turn, chat.Request.Profile!, withUsage, durable, cancellationToken),
            IntakeResult.Refused refused => new OpenAiErrorResult(refused.Problem),
            _ => throw new UnreachableException(),
        };

    private ChatStream Stream(TurnRecord turn, string model, bool withUsage, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var events = source.ListenAsync(turn, lastEventId: null, new EntityMailbox(durable), cancellationToken);
        var pieces = new ChatChunks(turn, model, withUsage).TellAsync(events, cancellationToken);
        return new ChatStream(turn, pieces, options.Value.EventHeartbeat, time, cancellationToken);
    }
}
