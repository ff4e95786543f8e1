using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Inbox;

/// <summary>The queue <c>turns</c>: one message, one turn.</summary>
internal sealed class TurnsQueueFunction(TurnInbox inbox)
{
    [Function("ExplainPoison")]
    public Task ExplainPoisonAsync([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        inbox.SweepPoisonAsync(cancellationToken);

    [Function("TurnsQueue")]
    public Task RunAsync(
        [QueueTrigger(QueueNames.Turns)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        inbox.ReceiveAsync(message.MessageId, message.Body, durable, cancellationToken);
}

/// <summary>Turns messages into turns. What can never be one goes to <c>turns-poison</c> with its reason.</summary>
/// <remarks>
/// An exception means "deliver again": only failures of the broker's own infrastructure leave this class as one.
/// </remarks>
internal sealed partial class TurnInbox(
    TurnRules rules,
    TurnIntake intake,
    ITurnStore turns,
    IReplyQueue replies,
    IPoisonQueue poison,
    StoragePatience patience,
    TimeProvider time,
    ILogger<TurnInbox> logger)
{
    public async Task ReceiveAsync(
        string messageId,
        BinaryData body,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var text = MessageText.Decode(body.ToMemory().Span);
        var read = RequestBody.Parse(Encoding.UTF8.GetBytes(text), ContractsJsonContext.Default.TurnMessage);
        if (!read.TryGet(out var message, out var unreadable))
        {
            await RefuseAsync(messageId, text, null, ProblemCatalogue.InvalidMessage($"The message is not the JSON of a turn: {unreadable.Detail}"), cancellationToken);
            return;
        }

        switch (rules.Check(message))
        {
            case TurnValidation.Invalid invalid:
                await RefuseAsync(messageId, text, message, invalid.Problem, cancellationToken);
                break;
            case TurnValidation.Valid valid:
                if (await intake.SubmitAsync(valid.Submission, durable, cancellationToken, patience) is IntakeResult.Refused refused)
                {
                    await RefuseAsync(messageId, text, message, refused.Problem, cancellationToken);
                }

                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Says why of messages that the platform has put away without a reason, and answers them.</summary>
    public async Task SweepPoisonAsync(CancellationToken cancellationToken)
    {
        foreach (var found in await poison.FindUnexplainedAsync(cancellationToken))
        {
            RequestBody.Parse(Encoding.UTF8.GetBytes(found.Text), ContractsJsonContext.Default.TurnMessage).TryGet(out var message, out _);
            await RefuseAsync(found.MessageId, found.Text, message, ProblemCatalogue.MessageGivenUp(), cancellationToken);
            await poison.RemoveAsync(found, cancellationToken);
        }
    }

    private async Task RefuseAsync(
        string messageId,
        string text,
        TurnMessage? message,
        Problem problem,
        CancellationToken cancellationToken)
    {
        LogRefused(messageId, problem.Code, problem.Detail);
        if (message is not null && await patience.RunAsync(() => MayReplyAsync(message, problem, cancellationToken), cancellationToken))
        {
            await replies.SendAsync(message.ReplyTo ?? QueueNames.Replies, ToReply(message, problem), cancellationToken);
        }

        await poison.SendAsync(
            new PoisonMessage { Problem = problem, Original = text, MessageId = messageId, RefusedAt = time.GetUtcNow() },
            cancellationToken);
    }

    /// <summary>A failed reply goes out unless its turn id belongs to another turn, which has a reply of its own.</summary>
    private async Task<bool> MayReplyAsync(TurnMessage message, Problem problem, CancellationToken cancellationToken)
    {
        if (problem.Code == ProblemCodes.IdempotencyConflict || !rules.AllowsReplyQueue(message.ReplyTo ?? QueueNames.Replies))
        {
            return false;
        }

        return !SessionId.TryParse(message.SessionId, out var session)
            || !TurnId.TryParse(message.TurnId, out var turn)
            || await turns.FindAsync(session, turn, cancellationToken) is null;
    }

    private static ReplyMessage ToReply(TurnMessage message, Problem problem) => new()
    {
        TurnId = message.TurnId,
        SessionId = message.SessionId,
        Status = TurnStatus.Failed,
        Metadata = WithinLimits(message.Metadata),
        Problem = problem,
    };

    private static JsonElement? WithinLimits(JsonElement? metadata) =>
        metadata?.GetRawText().Length <= TurnLimits.MaxMetadataLength ? metadata : null;

    [LoggerMessage(EventIds.MessageRefused, LogLevel.Warning, "Message {MessageId} of the queue 'turns' is refused: {Code} {Detail}")]
    private partial void LogRefused(string messageId, string code, string? detail);
}
