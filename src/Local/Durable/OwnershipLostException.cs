namespace FunctionsBroker.Local.Durable;

/// <summary>
/// The task hub now belongs to another process. What the caller asked for may or may not have been recorded.
/// </summary>
public sealed class OwnershipLostException : InvalidOperationException
{
    public OwnershipLostException()
        : this("The task hub belongs to another process.")
    {
    }

    public OwnershipLostException(string message)
        : base(message)
    {
    }

    public OwnershipLostException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
