using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>A turn that may be run: every part has been checked.</summary>
public sealed record TurnSubmission
{
    public required SessionId SessionId { get; init; }

    public required TurnId TurnId { get; init; }

    public required string Prompt { get; init; }

    public string? Profile { get; init; }

    /// <summary>What is done to the conversation before the prompt is told; null for nothing.</summary>
    public ConversationCommand? Command { get; init; }

    /// <summary>Whether its session is likely to have no further turn, so that its process need not be kept.</summary>
    public bool OneOff { get; init; }

    /// <summary>What tells a repetition of the request, where that is not told by what is submitted; see <see cref="RequestHash"/>.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Where in its session it has to stand, or it is not taken; null for behind whatever is there.</summary>
    public TurnPlace? Place { get; init; }

    /// <summary>Who submits it, by the name in the front's settings; null where callers are not told apart.</summary>
    public string? Caller { get; init; }

    public string? ReplyTo { get; init; }

    public JsonElement? Metadata { get; init; }

    /// <summary>What the user sends along; null for nothing.</summary>
    public AttachmentSet? Attachments { get; init; }

    public OnBusy OnBusy { get; init; }

    /// <summary>How long it may take from its submission to its end; null when it has no limit of its own.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The trace that it comes with, as W3C Trace Context writes it.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A turn's place in its session.</summary>
/// <param name="After">The turn that it follows directly; null when it is the first.</param>
public sealed record TurnPlace(TurnId? After);

/// <summary>Whether a request may become a turn.</summary>
public abstract record TurnValidation
{
    private TurnValidation()
    {
    }

    public sealed record Valid(TurnSubmission Submission) : TurnValidation;

    public sealed record Invalid(Problem Problem) : TurnValidation;
}
