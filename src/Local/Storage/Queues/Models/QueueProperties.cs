#nullable disable annotations // As the published package's: its members are oblivious.

namespace Azure.Storage.Queues.Models;

/// <summary>A queue's metadata and length.</summary>
public class QueueProperties
{
    public QueueProperties() => Metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IDictionary<string, string> Metadata { get; internal set; }

    /// <summary>About how many messages there are, invisible ones included; never less than the true number.</summary>
    public int ApproximateMessagesCount { get; internal set; }
}
