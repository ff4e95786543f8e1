namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>A lock on several entities at once, held or asked for by an orchestrator.</summary>
internal sealed class CriticalSection(Guid id, IReadOnlyList<string> entities)
{
    private readonly HashSet<string> _available = [];

    public Guid Id => id;

    /// <summary>All of them, in the order in which they are locked.</summary>
    public IReadOnlyList<string> Entities => entities;

    /// <summary>Those that no call is under way to.</summary>
    public IEnumerable<string> Available => entities.Where(_available.Contains);

    public bool IsEntered { get; private set; }

    public void Entered()
    {
        IsEntered = true;
        _available.UnionWith(entities);
    }

    /// <exception cref="InvalidOperationException">The entity may not be called now.</exception>
    public void BeginCall(string entity)
    {
        if (_available.Remove(entity))
        {
            return;
        }

        throw new InvalidOperationException(
            !IsEntered ? "Must await the completion of the lock request prior to calling any entity."
            : entities.Contains(entity) ? "Must not call an entity from a critical section while a prior call to the same entity is still pending."
            : "Must not call an entity from a critical section if it is not one of the locked entities.");
    }

    public void EndCall(string entity) => _available.Add(entity);
}
