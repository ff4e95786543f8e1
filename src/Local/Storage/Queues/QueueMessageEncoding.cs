namespace Azure.Storage.Queues;

/// <summary>How a message's body is written into the message text.</summary>
public enum QueueMessageEncoding
{
    /// <summary>As it is; only text that XML can hold.</summary>
    None = 0,

    /// <summary>In base64; any bytes.</summary>
    Base64 = 1,
}
