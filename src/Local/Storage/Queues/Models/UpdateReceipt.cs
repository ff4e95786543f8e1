#nullable disable annotations // As the published package's: its members are oblivious.

namespace Azure.Storage.Queues.Models;

/// <summary>What the service says of a message that was updated.</summary>
public class UpdateReceipt
{
    internal UpdateReceipt()
    {
    }

    public DateTimeOffset NextVisibleOn { get; internal init; }

    /// <summary>What deletes or updates the message from now on; the earlier receipt no longer does.</summary>
    public string PopReceipt { get; internal init; }
}
