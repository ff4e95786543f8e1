namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Every line by which the CLI is known to say whether it takes a channel's messages.</summary>
/// <remarks>
/// Measured on 2.1.329 are the two of <see cref="ChannelRefusal.FeatureOff"/>, the flag's own line and the one of
/// <see cref="ChannelRefusal.ProtocolEra"/>. The others are what people have seen and published: anthropics/claude-code
/// issues 36975, 37251, 82571, and the vendor's pages on channels.
/// </remarks>
internal static class ChannelSigns
{
    private const string Skipped = "Channel notifications skipped:";
    private const string Ignored = "ignored (server:";

    private static readonly string[] s_available = ["Channel notifications registered", "Listening for channel messages"];

    // In this order: a line about the organisation may also hold the general words.
    private static readonly (string Sign, ChannelRefusal Reason)[] s_refusals =
    [
        ("channels not enabled by org policy", ChannelRefusal.OrganisationPolicy),
        ("Channels are not enabled for your org", ChannelRefusal.OrganisationPolicy),
        ("blocked by org policy", ChannelRefusal.OrganisationPolicy),
        ("claude.ai authentication", ChannelRefusal.Provider),
        ("modern protocol revision", ChannelRefusal.ProtocolEra),
        ("no unsolicited notification path", ChannelRefusal.ProtocolEra),
        ("did not declare claude/channel", ChannelRefusal.NotDeclared),
        ("not in --channels list", ChannelRefusal.FlagRefused),
        ("not on the approved channels allowlist", ChannelRefusal.FlagRefused),
        ("channels feature is not currently available", ChannelRefusal.FeatureOff),
        ("Channels are not currently available", ChannelRefusal.FeatureOff),
    ];

    /// <summary>Reads lines of the debug log or of the screen.</summary>
    /// <param name="server">What our server is called: the log tells of others too.</param>
    /// <returns>Null where they say nothing of it.</returns>
    public static ChannelAvailability? Read(IEnumerable<string> lines, string server)
    {
        ChannelAvailability? said = null;
        foreach (var line in lines.Where(line => !IsOfAnother(line, server)))
        {
            if (FindRefusal(line) is { } refusal)
            {
                return refusal;
            }

            if (s_available.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            {
                said = new ChannelAvailability.Available(Confirmed: true);
            }
            else if (line.Contains(Skipped, StringComparison.Ordinal))
            {
                return new ChannelAvailability.Unavailable(ChannelRefusal.Other, Clean(line));
            }
            else if (line.Contains(Ignored, StringComparison.Ordinal))
            {
                // The reason is on the next line; alone it is reason enough.
                said = new ChannelAvailability.Unavailable(ChannelRefusal.FlagRefused, Clean(line));
            }
        }

        return said;
    }

    private static ChannelAvailability.Unavailable? FindRefusal(string line) =>
        s_refusals
            .Where(refusal => line.Contains(refusal.Sign, StringComparison.OrdinalIgnoreCase))
            .Select(refusal => new ChannelAvailability.Unavailable(refusal.Reason, Clean(line)))
            .FirstOrDefault();

    private static bool IsOfAnother(string line, string server)
    {
        const string Mark = "MCP server \"";
        var at = line.IndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 && !line.AsSpan(at + Mark.Length).StartsWith($"{server}\"", StringComparison.Ordinal);
    }

    private static string Clean(string line)
    {
        var at = line.IndexOf(Skipped, StringComparison.Ordinal);
        return (at >= 0 ? line[(at + Skipped.Length)..] : line).Trim(' ', '▎', '│', '⎿', '\r');
    }
}
