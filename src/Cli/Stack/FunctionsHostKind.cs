namespace FunctionsBroker.Cli.Stack;

/// <summary>What runs the front, which is a Functions app of the isolated worker.</summary>
internal enum FunctionsHostKind
{
    /// <summary>The host of this repository, <c>src/FunctionsHost</c>.</summary>
    Local,

    /// <summary>Azure Functions Core Tools, the command <c>func</c>.</summary>
    Func,
}
