using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

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
