namespace FunctionsBroker.Cli.Stack;

/// <summary>What <c>up</c> and <c>demo</c> start.</summary>
internal sealed record StackOptions
{
    /// <summary>The front's port; 0 takes the folder's last one, or a free one.</summary>
    public required int Port { get; init; }

    /// <summary>How many session hosts, 1 to 16.</summary>
    public required int Hosts { get; init; }

    public required string DataPath { get; init; }

    /// <summary>What runs the front.</summary>
    public FunctionsHostKind FunctionsHost { get; init; }

    /// <summary>Start the loopback model and let the hosts' CLI talk to it instead of the operator's provider.</summary>
    public bool WithLoopbackModel { get; init; }
}

/// <summary>What runs the front, which is a Functions app of the isolated worker.</summary>
internal enum FunctionsHostKind
{
    /// <summary>The host of this repository, <c>src/FunctionsHost</c>.</summary>
    Local,

    /// <summary>Azure Functions Core Tools, the command <c>func</c>.</summary>
    Func,
}
