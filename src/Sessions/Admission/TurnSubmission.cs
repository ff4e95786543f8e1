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

/// <summary>Whether a request may become a turn.</summary>
public abstract record TurnValidation
{
    private TurnValidation()
    {
    }

    public sealed record Valid(TurnSubmission Submission) : TurnValidation;

    public sealed record Invalid(Problem Problem) : TurnValidation;
}
