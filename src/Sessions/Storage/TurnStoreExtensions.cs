namespace FunctionsBroker.Sessions.Storage;

public static class TurnStoreExtensions
{
    /// <summary>Inserts a turn and its prompt as the newest of its session, whichever was that before.</summary>
    public static Task<TurnAddition> AddAsync(this ITurnStore store, TurnRecord record, string prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);

        return store.AddAsync(record, prompt, after: null, cancellationToken);
    }
}
