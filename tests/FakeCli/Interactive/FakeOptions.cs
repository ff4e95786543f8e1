namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>What of the command line and the environment an interactive process goes by.</summary>
/// <param name="Resumes">Whether the conversation is to be there already.</param>
internal sealed record FakeOptions(string SessionId, bool Resumes, string McpConfig, string Settings, string DebugFile)
{
    public static FakeOptions Read(string[] arguments) => new(
        Conversation(arguments) ?? throw new ArgumentException("No conversation is named."),
        arguments.Contains("--resume"),
        Value(arguments, "--mcp-config") ?? throw new ArgumentException("No MCP servers are named."),
        Value(arguments, "--settings") ?? throw new ArgumentException("No settings are named."),
        Value(arguments, "--debug-file") ?? throw new ArgumentException("No file for debugging is named."));

    /// <summary>Where the CLI keeps the conversation.</summary>
    public string Transcript => Find(SessionId) ?? throw new InvalidOperationException("No folder of the configuration is named.");

    /// <returns>Where the CLI keeps the conversation; null where the environment names no folder.</returns>
    public static string? FindTranscript(string[] arguments) => Conversation(arguments) is { } conversation ? Find(conversation) : null;

    private static string? Find(string conversation) =>
        Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { } folder && Environment.GetEnvironmentVariable("CLAUDE_CODE_PROJECT_DIR_NAME") is { } project
            ? Path.Combine(folder, "projects", project, $"{conversation}.jsonl")
            : null;

    private static string? Conversation(string[] arguments) => Value(arguments, "--resume") ?? Value(arguments, "--session-id");

    private static string? Value(string[] arguments, string option) =>
        Array.IndexOf(arguments, option) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
