using System.Diagnostics;
using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Checks what callers and producers send, before anything is stored.</summary>
public sealed class TurnRules(IReadOnlyCollection<string> replyQueues)
{
    private const string SupportedMajor = "1";

    /// <summary>Checks a request of the HTTP API.</summary>
    /// <param name="turnId">The turn's id: the idempotency key, or one that was just made.</param>
    public TurnValidation Check(SubmitTurnRequest request, string? sessionId, string turnId)
    {
        ArgumentNullException.ThrowIfNull(request);

        if (!SessionId.TryParse(sessionId, out var session))
        {
            return Invalid(ProblemCatalogue.InvalidSessionId());
        }

        if (!TurnId.TryParse(turnId, out var turn))
        {
            return Invalid(ProblemCatalogue.InvalidTurnId());
        }

        if (FindProblem(request) is { } problem)
        {
            return Invalid(problem);
        }

        return new TurnValidation.Valid(new TurnSubmission
        {
            SessionId = session,
            TurnId = turn,
            Prompt = request.Prompt ?? string.Empty,
            Profile = request.Profile,
            Command = ReadCommand(request.Command),
            ReplyTo = request.ReplyTo,
            Metadata = request.Metadata,
            Attachments = AttachmentSet.Of(request.Attachments),
            OnBusy = ReadOnBusy(request.OnBusy) ?? OnBusy.Queue,
            Deadline = request.DeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });
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

        var request = new SubmitTurnRequest
        {
            Prompt = message.Prompt,
            Command = message.Command,
            Profile = message.Profile,
            ReplyTo = message.ReplyTo ?? QueueNames.Replies,
            Metadata = message.Metadata,
            OnBusy = message.OnBusy,
            DeadlineSeconds = message.DeadlineSeconds,
            Attachments = message.Attachments,
        };
        return Check(request, message.SessionId, message.TurnId) switch
        {
            TurnValidation.Valid valid when ActivityContext.TryParse(message.TraceParent, null, out _) =>
                new TurnValidation.Valid(valid.Submission with { TraceParent = message.TraceParent }),
            var other => other,
        };
    }

    /// <summary>Whether replies may go to this queue.</summary>
    public bool AllowsReplyQueue(string? queue) => queue is not null && replyQueues.Contains(queue);

    private Problem? FindProblem(SubmitTurnRequest request)
    {
        if (request.Command is { } command && ReadCommand(command) is null)
        {
            return ProblemCatalogue.InvalidRequest("'command' is one of 'clear' and 'compact'.");
        }

        if (request is { Command: "compact", Prompt.Length: > 0 } or { Command: "compact", Attachments.Count: > 0 })
        {
            return ProblemCatalogue.InvalidRequest("A turn with the command 'compact' has neither a prompt nor attachments; send them as the next turn.");
        }

        var isCommandOnly = request is { Command: not null, Prompt: null or "", Attachments: null or { Count: 0 } };
        if (!isCommandOnly && string.IsNullOrWhiteSpace(request.Prompt))
        {
            return ProblemCatalogue.PromptEmpty();
        }

        if (Encoding.UTF8.GetByteCount(request.Prompt ?? string.Empty) > TurnLimits.MaxPromptBytes)
        {
            return ProblemCatalogue.PromptTooLarge(TurnLimits.MaxPromptBytes);
        }

        if (request.ReplyTo is { } queue && !AllowsReplyQueue(queue))
        {
            return ProblemCatalogue.ReplyQueueNotAllowed(queue);
        }

        if (request.Metadata?.GetRawText().Length > TurnLimits.MaxMetadataLength)
        {
            return ProblemCatalogue.InvalidRequest($"The metadata may have at most {TurnLimits.MaxMetadataLength} characters of JSON.");
        }

        if (request.OnBusy is { } onBusy && ReadOnBusy(onBusy) is null)
        {
            return ProblemCatalogue.InvalidRequest("'onBusy' is one of 'queue', 'interrupt' and 'reject'.");
        }

        return request.DeadlineSeconds is < 1 or > TurnLimits.MaxDeadlineSeconds
            ? ProblemCatalogue.InvalidRequest($"'deadlineSeconds' is 1 to {TurnLimits.MaxDeadlineSeconds}.")
            : AttachmentRules.Check(request.Attachments ?? [], AttachmentLimits.Widest, out _);
    }

    private static ConversationCommand? ReadCommand(string? text) =>
        text switch
        {
            "clear" => ConversationCommand.Clear,
            "compact" => ConversationCommand.Compact,
            _ => null,
        };

    private static OnBusy? ReadOnBusy(string? text) =>
        text switch
        {
            "queue" => OnBusy.Queue,
            "interrupt" => OnBusy.Interrupt,
            "reject" => OnBusy.Reject,
            _ => null,
        };

    private static TurnValidation.Invalid Invalid(Problem problem) => new(problem);
}

/// <summary>What a turn may be at most.</summary>
public static class TurnLimits
{
    /// <summary>The longest prompt, in bytes of UTF-8: 1 MiB. The CLI itself takes somewhat more (5 MB is refused as too long).</summary>
    public const int MaxPromptBytes = 1024 * 1024;

    /// <summary>The largest request body: a prompt whose every byte is escaped, and its envelope.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>The largest request body where a turn may have attachments.</summary>
    public const int MaxBodyBytesWithAttachments = MaxBodyBytes + AttachmentLimits.MaxTotalBase64;

    /// <summary>The longest deadline, in seconds: a day.</summary>
    public const int MaxDeadlineSeconds = 24 * 60 * 60;

    /// <summary>The largest metadata, in characters of JSON: 16 KiB, so that it fits into a reply message.</summary>
    public const int MaxMetadataLength = 16 * 1024;
}
