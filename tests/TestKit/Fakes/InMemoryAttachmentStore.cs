using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="IAttachmentStore"/> without a storage account.</summary>
public sealed class InMemoryAttachmentStore : IAttachmentStore
{
    private readonly ConcurrentDictionary<(SessionId Session, TurnId Turn, string SetId), AttachmentSet> _sets = new();
    private int _saves;

    /// <summary>How many sets were saved, counting every time.</summary>
    public int Saves => Volatile.Read(ref _saves);

    /// <summary>The ids of the sets that are there.</summary>
    public IReadOnlyCollection<string> SetIds => [.. _sets.Keys.Select(key => key.SetId)];

    public Task SaveAsync(SessionId session, TurnId turn, AttachmentSet attachments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _saves);
        _sets[(session, turn, attachments.Id)] = attachments;
        return Task.CompletedTask;
    }

    public Task<AttachmentSet?> ReadAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken) =>
        Task.FromResult(_sets.GetValueOrDefault((session, turn, setId)));

    public Task DeleteAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken)
    {
        _sets.TryRemove((session, turn, setId), out _);
        return Task.CompletedTask;
    }
}
