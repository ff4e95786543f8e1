using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Conversations</c>: which session knows a conversation that a client tells in full with every request.</summary>
/// <remarks>Keys are hashes; nothing of what was said is in the table.</remarks>
public interface IConversationIndex
{
    /// <returns>Null when no session is known to know it.</returns>
    Task<KnownConversation?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Remembers it, in the place of what the key named before.</summary>
    Task NoteAsync(string key, KnownConversation known, CancellationToken cancellationToken);

    /// <summary>Forgets it; one that is not there is no fault.</summary>
    Task RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Forgets what was noted before a time.</summary>
    Task RemoveBeforeAsync(DateTimeOffset notedBefore, CancellationToken cancellationToken);
}

/// <summary>A session, and how far it knows a conversation.</summary>
/// <param name="TurnId">The session knows the conversation while this is its newest turn.</param>
/// <param name="Instructions">Names the instructions that it goes by.</param>
/// <param name="Previous">The key of the conversation before its last exchange; null when that is not known.</param>
public sealed record KnownConversation(SessionId SessionId, TurnId TurnId, string Instructions, string? Previous);
