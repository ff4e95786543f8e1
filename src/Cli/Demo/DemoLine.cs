namespace FunctionsBroker.Cli.Demo;

/// <summary>One line of the script: what is said and what the loopback model answers when the conversation is whole.</summary>
internal sealed record DemoLine(string Prompt, string Expected)
{
    /// <summary>The conversation that every session has. Its later answers are known only to a model that was sent the earlier turns.</summary>
    public static IReadOnlyList<DemoLine> Script(string name, string colour) =>
    [
        new($"my name is {name}", $"[1] my name is {name}"),
        new($"remember colour={colour}", "[2] remembered colour"),
        new("what did I say two turns ago?", $"[3] my name is {name}"),
        new("recall colour", $"[4] {colour}"),
        new("what did I say four turns ago?", $"[5] my name is {name}"),
    ];
}
