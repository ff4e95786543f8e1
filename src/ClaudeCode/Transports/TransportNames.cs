namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>The names of the ways in which a prompt gets to the model.</summary>
public static class TransportNames
{
    /// <summary>A process that is kept alive and fed through its stdin.</summary>
    public const string StreamJson = "stream-json";

    public static IReadOnlyList<string> All { get; } = [StreamJson];
}
