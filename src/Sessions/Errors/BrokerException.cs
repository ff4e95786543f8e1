namespace FunctionsBroker.Sessions.Errors;

/// <summary>The base of what the broker throws when its own infrastructure fails. Messages are safe to show.</summary>
public abstract class BrokerException : Exception
{
    protected BrokerException(string message)
        : base(message)
    {
    }

    protected BrokerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Somebody else wrote the row first. Read it again and decide again.</summary>
public sealed class ConcurrencyConflictException : BrokerException
{
    public ConcurrencyConflictException(string key, string? heldETag, Exception innerException)
        : base($"The row '{key}' was changed by somebody else; read it again and decide again.", innerException)
    {
        Key = key;
        HeldETag = heldETag;
    }

    /// <summary>Table, partition and row of what was to be written.</summary>
    public string Key { get; }

    /// <summary>The tag that the writer held; null when it meant to insert.</summary>
    public string? HeldETag { get; }
}
