namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>A client call in the app threw.</summary>
public sealed class CallFailedException(string type, string message) : Exception($"{type}: {message}")
{
    /// <summary>The full name of the exception's type.</summary>
    public string Type { get; } = type;

    public string Reason { get; } = message;
}
