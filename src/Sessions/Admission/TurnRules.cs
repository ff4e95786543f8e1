using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Checks what callers and producers send, before anything is stored.</summary>
public sealed class TurnRules(IReadOnlyCollection<string> replyQueues)
{
    private const string Queue = "queue";
    private const string SupportedMajor = "1";

    /// <summary>Checks a request of the HTTP API.</summary>
    /// <param name="turnId">The turn's id: the idempotency key, or one that was just made.</param>
    public TurnValidation Check(SubmitTurnRequest request, string? sessionId, string turnId)
    {
        ArgumentNullException.ThrowIfNull(request);

        if (UnsupportedOption(request) is { } option)
        {
            return Invalid(ProblemCatalogue.UnsupportedOption(option));
        }

        return Check(sessionId, turnId, request.Prompt, request.Profile, request.ReplyTo, request.Metadata);
    }

    /// <summary>Checks a message of the queue <c>turns</c>.</summary>
    public TurnValidation Check(TurnMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);

        if (message.SpecVersion is { } version && version.Split('.')[0] != SupportedMajor)
        {
            return Invalid(ProblemCatalogue.InvalidMessage("The message's specVersion is not one that this program reads; it reads 1."));
        }

        if (message.TurnId is null)
        {
            return Invalid(ProblemCatalogue.InvalidMessage("The message has no turnId, so a second delivery could not be told from a second turn."));
        }

        return Check(message.SessionId, message.TurnId, message.Prompt, message.Profile, message.ReplyTo ?? QueueNames.Replies, message.Metadata);
    }

    /// <summary>Whether replies may go to this queue.</summary>
    public bool AllowsReplyQueue(string? queue) => queue is not null && replyQueues.Contains(queue);

    private TurnValidation Check(
        string? sessionId,
        string? turnId,
        string? prompt,
        string? profile,
        string? replyTo,
        JsonElement? metadata)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return Invalid(ProblemCatalogue.InvalidSessionId());
        }

        if (!TurnId.TryParse(turnId, out var turn))
        {
            return Invalid(ProblemCatalogue.InvalidTurnId());
        }

        if (string.IsNullOrWhiteSpace(prompt))
        {
            return Invalid(ProblemCatalogue.PromptEmpty());
        }

        if (Encoding.UTF8.GetByteCount(prompt) > TurnLimits.MaxPromptBytes)
        {
            return Invalid(ProblemCatalogue.PromptTooLarge(TurnLimits.MaxPromptBytes));
        }

        if (replyTo is not null && !AllowsReplyQueue(replyTo))
        {
            return Invalid(ProblemCatalogue.ReplyQueueNotAllowed(replyTo));
        }

        if (metadata?.GetRawText().Length > TurnLimits.MaxMetadataLength)
        {
            return Invalid(ProblemCatalogue.InvalidRequest($"The metadata may have at most {TurnLimits.MaxMetadataLength} characters of JSON."));
        }

        return new TurnValidation.Valid(new TurnSubmission
        {
            SessionId = session,
            TurnId = turn,
            Prompt = prompt,
            Profile = profile,
            ReplyTo = replyTo,
            Metadata = metadata,
        });
    }

    private static string? UnsupportedOption(SubmitTurnRequest request) =>
        request switch
        {
            { Attachments: not null } => "attachments",
            { DeadlineSeconds: not null } => "deadlineSeconds",
            { OnBusy: not null and not Queue } => "onBusy",
            _ => null,
        };

    private static TurnValidation.Invalid Invalid(Problem problem) => new(problem);
}
