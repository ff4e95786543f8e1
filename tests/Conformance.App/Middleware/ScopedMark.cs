namespace FunctionsBroker.Conformance.App.Middleware;

/// <summary>A service of one invocation, which middleware and function share.</summary>
public sealed class ScopedMark
{
    public List<string> Steps { get; } = [];
}
