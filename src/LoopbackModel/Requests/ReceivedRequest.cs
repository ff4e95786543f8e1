using FunctionsBroker.LoopbackModel.Conversations;

namespace FunctionsBroker.LoopbackModel.Requests;

/// <summary>One request that the model received, and what became of it.</summary>
public sealed record ReceivedRequest
{
    /// <summary>Position among all requests since the start or the last reset, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The CLI's session id; <c>anonymous:…</c> for callers that send none.</summary>
    public required string Conversation { get; init; }

    public required RequestKind Kind { get; init; }

    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>How many messages the request carried, of any role.</summary>
    public required int Messages { get; init; }

    /// <summary>How many turns of the user it carried.</summary>
    public required int Turns { get; init; }

    /// <summary>The last turn, at most 200 characters of it, with its directive.</summary>
    public required string Prompt { get; init; }

    /// <summary>The images and documents that it carried, those of earlier turns included.</summary>
    public IReadOnlyList<ReceivedAttachment> Attachments { get; init; } = [];

    /// <summary>Which request of this prompt it is, from 1: more than one is a retry or the continuation after a tool.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Null while it is being answered, then how it ended.</summary>
    public RequestOutcome? Outcome { get; init; }

    /// <summary>The HTTP status sent; null when none was.</summary>
    public int? Status { get; init; }

    /// <summary>Milliseconds from the arrival of the request to the response headers; null when none were sent.</summary>
    public double? HeadersMs { get; init; }

    /// <summary>Milliseconds from the arrival of the request to the last byte: the model's whole share of a turn.</summary>
    public double? TotalMs { get; init; }
}

/// <summary>An image or a document in a request.</summary>
public sealed record ReceivedAttachment
{
    /// <summary><c>image</c> or <c>document</c>.</summary>
    public required string Type { get; init; }

    public string? MediaType { get; init; }

    public string? Title { get; init; }

    /// <summary>Of its content, not of its encoding.</summary>
    public required int Bytes { get; init; }
}

/// <summary>How a request to the model ended.</summary>
public enum RequestOutcome
{
    /// <summary>A whole answer was sent.</summary>
    Answered,

    /// <summary>An API error was sent, as status or as event in the stream.</summary>
    Failed,

    /// <summary>The model cut the connection.</summary>
    Dropped,

    /// <summary>The caller went away.</summary>
    Abandoned,
}

/// <summary>The answer of <c>GET /_control/requests</c>.</summary>
/// <param name="Count">Requests since the start or the last reset, forgotten ones included.</param>
/// <param name="Requests">The ones still kept, oldest first.</param>
public sealed record RequestList(long Count, IReadOnlyList<ReceivedRequest> Requests);
