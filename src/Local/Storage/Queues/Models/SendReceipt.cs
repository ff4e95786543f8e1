#nullable disable annotations // As the published package's: its members are oblivious.

namespace Azure.Storage.Queues.Models;

/// <summary>What the service says of a message that was sent.</summary>
public class SendReceipt
{
    internal SendReceipt()
    {
    }

    public string MessageId { get; internal init; }

    public DateTimeOffset InsertionTime { get; internal init; }

    public DateTimeOffset ExpirationTime { get; internal init; }

    /// <summary>What deletes or updates the message, until somebody receives it.</summary>
    public string PopReceipt { get; internal init; }

    public DateTimeOffset TimeNextVisible { get; internal init; }
}
