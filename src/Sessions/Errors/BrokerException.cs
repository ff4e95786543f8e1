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
