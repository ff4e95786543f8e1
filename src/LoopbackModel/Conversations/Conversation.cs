using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>A request of the Messages API, as a model sees it: who said what, without what the CLI adds on its own.</summary>
internal sealed record Conversation
{
    /// <summary>The CLI's session id, or a name derived from the first prompt when the caller sends none.</summary>
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required bool Stream { get; init; }

    public required RequestKind Kind { get; init; }

    /// <summary>How many messages the request carries, of any role.</summary>
    public required int MessageCount { get; init; }

    /// <summary>What the user said, turn by turn, directives included.</summary>
    public required IReadOnlyList<string> Turns { get; init; }

    /// <summary>The results of the tools called since the last turn, in order.</summary>
    public required IReadOnlyList<ToolResult> ToolResults { get; init; }

    /// <summary>The images and documents that the user has sent, in all turns.</summary>
    public required IReadOnlyList<ReceivedAttachment> Attachments { get; init; }

    /// <summary>What the assistant has said since the last turn.</summary>
    public required string Said { get; init; }

    /// <summary>The CLI asks to go on with an answer that was cut off.</summary>
    public required bool Continues { get; init; }

    public required RequestSize Size { get; init; }

    /// <summary>The whole request as it was sent, where the prompt asks to search it; empty otherwise.</summary>
    public string Raw { get; init; } = "";

    public string Prompt => Turns.Count > 0 ? Turns[^1] : "";
}

/// <summary>What a request to the model is for.</summary>
public enum RequestKind
{
    /// <summary>A turn of a conversation.</summary>
    Turn,

    /// <summary>Something the CLI asks for itself: a title, a topic, a probe of the quota. It disturbs no count of turns.</summary>
    Side,

    /// <summary>A summary of the conversation so far, to continue from.</summary>
    Compaction,

    /// <summary>A count of tokens.</summary>
    Count,
}

/// <summary>The parts of a request in characters, by which it is billed.</summary>
/// <param name="Cached">System prompt, tools and the messages before the last answer: what an earlier request has left in the cache.</param>
/// <param name="New">The last answer and what came after it.</param>
/// <param name="Caches">The caller asks for caching.</param>
internal sealed record RequestSize(long Cached, long New, bool Caches)
{
    private const int CharactersPerToken = 4;

    public static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}

/// <summary>What a tool that the model called gave back.</summary>
internal sealed record ToolResult(string Name, string Text, bool IsError);
