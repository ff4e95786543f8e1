namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The names of the ways in which a prompt gets to the model, as profiles and replies give them.</summary>
public static class ClaudeTransports
{
    /// <summary>A process that lives from turn to turn.</summary>
    public const string StreamJson = "stream-json";

    /// <summary>An interactive process that takes messages through a channel, which the vendor calls a preview.</summary>
    public const string Channel = "channel";

    /// <summary>A process for this turn alone.</summary>
    public const string OneShot = "one-shot";

    /// <summary>The Messages API without the CLI: no tools.</summary>
    public const string Api = "api";

    public static IReadOnlyList<string> All { get; } = [StreamJson, Channel, OneShot, Api];
}
