using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>What users send along with their turns, kept beside these.</summary>
/// <remarks>
/// A set is written before its turn, so that no turn lacks what belongs to it; and it is named by its content, so that two
/// requests under one turn id cannot change each other's.
/// </remarks>
public interface IAttachmentStore
{
    /// <summary>Keeps a set. Doing it again changes nothing.</summary>
    Task SaveAsync(SessionId session, TurnId turn, AttachmentSet attachments, CancellationToken cancellationToken);

    /// <returns>Null when the set is not there, or not whole.</returns>
    Task<AttachmentSet?> ReadAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken);

    /// <summary>Removes a set, if it is there.</summary>
    Task DeleteAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken);
}
