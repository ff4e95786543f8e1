#nullable disable annotations // As the published package's: its members are oblivious.

namespace Azure.Storage.Queues.Models;

/// <summary>A queue of an account.</summary>
public class QueueItem
{
    internal QueueItem()
    {
    }

    public string Name { get; internal init; }

    /// <summary>The metadata, if it was asked for.</summary>
    public IDictionary<string, string> Metadata { get; internal init; }
}
