using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit;

public static class TurnStoreExtensions
{
    /// <summary>Inserts a turn and its prompt as the newest of its session, whichever was that before.</summary>
    public static async Task<TurnAddition> AddAsync(this ITurnStore store, TurnRecord record, string prompt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await store.FindHeadAsync(record.SessionId, cancellationToken);
            var addition = await store.AddAsync(record, prompt, head, cancellationToken);
            if (addition is not TurnAddition.Overtaken)
            {
                return addition;
            }
        }
    }
}
