namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>A task's failure as data.</summary>
public sealed record Failure(string ErrorType, string ErrorMessage, bool HasStackTrace, Failure? Inner);
