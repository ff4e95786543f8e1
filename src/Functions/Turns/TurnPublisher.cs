using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Ends turns and sends their reply messages.</summary>
internal sealed partial class TurnPublisher(
    ITurnStore turns,
    IReplyQueue replies,
    TurnCompletions completions,
    TimeProvider time,
    ILogger<TurnPublisher> logger)
{
    /// <summary>Makes sure that the turn has ended, then sends its reply where one is wanted.</summary>
    /// <remarks>
    /// The message goes out before the row says so: a crash between the two sends the same reply again, under the same
    /// turn id, and never loses it.
    /// </remarks>
    public async Task PublishAsync(PublishReply input, CancellationToken cancellationToken)
    {
        var ended = await EndAsync(input, cancellationToken);
        var turn = ended.Value;
        completions.Announce(turn.SessionId, turn.TurnId);
        LogEnded(turn.TurnId.Value, turn.SessionId.Value, turn.Status, turn.Problem?.Code);
        if (turn is not { ReplyTo: { } queue, Published: false })
        {
            return;
        }

        await replies.SendAsync(queue, turn.ToReplyMessage(), cancellationToken);
        await turns.UpdateAsync(ended, turn with { Published = true }, cancellationToken);
    }

    private async Task<Versioned<TurnRecord>> EndAsync(PublishReply input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await turns.FindAsync(input.SessionId, input.TurnId, cancellationToken)
                ?? throw new InvalidOperationException($"Turn '{input.TurnId}' of session '{input.SessionId}' has no row.");
            if (found.Value.Status.IsTerminal())
            {
                return found;
            }

            try
            {
                var problem = input.Problem ?? ProblemCatalogue.InternalError(input.TurnId.Value);
                return await turns.UpdateAsync(
                    found,
                    TurnAttempts.End(found.Value, problem, time.GetUtcNow()),
                    cancellationToken);
            }
            catch (ConcurrencyConflictException)
            {
                // A host ended the turn meanwhile: read it, its word counts.
            }
        }
    }

    [LoggerMessage(EventIds.TurnPublished, LogLevel.Information, "Turn {TurnId} of session {SessionId} ended: {Status} {Code}")]
    private partial void LogEnded(string turnId, string sessionId, TurnStatus status, string? code);
}
