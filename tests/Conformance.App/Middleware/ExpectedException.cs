namespace FunctionsBroker.Conformance.App.Middleware;

/// <summary>An error that the middleware turns into an answer.</summary>
public sealed class ExpectedException(string message) : Exception(message);
