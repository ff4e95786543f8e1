namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>A parameter of a function could not be made from what triggered it.</summary>
internal sealed class FunctionInputConverterException(string functionName, string parameterName, string reason, Exception? innerException = null)
    : Exception($"Cannot convert input parameter '{parameterName}' of function '{functionName}': {reason}", innerException)
{
    public string ParameterName { get; } = parameterName;

    /// <summary>Why, without the value: safe to show to the caller.</summary>
    public string Reason { get; } = reason;
}
