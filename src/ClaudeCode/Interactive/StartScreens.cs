namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>The questions that the CLI is known to ask before it works, and how to answer them by key.</summary>
/// <remarks>
/// Measured on 2.1.329, but for the question about development channels: no account here is offered channels, so its
/// text is the one in public reports (anthropics/claude-code issue 58152). The pointer stands on the choice that
/// refuses, digits choose nothing, so the pointer is moved first and looked at before Enter. <see cref="ChannelFiles"/>
/// answers beforehand what can be answered in files. Nothing that is not here is ever answered.
/// </remarks>
internal static class StartScreens
{
    private const char Pointer = '❯';
    private const int FootRows = 3;
    private const int MenuRows = 12;

    private static readonly (string Question, string Choice)[] s_known =
    [
        ("Is this a project you created or one you trust", "Yes, I trust this folder"),
        ("Do you want to use this API key", "Yes"),
        ("Loading development channels", "I am using this for local development"),
    ];

    // What stands below every question. Below the line for prompts stands the mode that the CLI is in.
    private static readonly string[] s_feet = ["Enter to confirm", "Esc to cancel", "Enter to continue", "Esc to exit"];

    /// <summary>Whether the screen shows choices, and Enter would take one.</summary>
    public static bool Asks(string screen)
    {
        var rows = screen.Split('\n');
        return rows.TakeLast(FootRows).Any(row => s_feet.Any(foot => row.Contains(foot, StringComparison.Ordinal)))
            || rows.TakeLast(MenuRows).Any(row => IsPointedAt(row) && Choice(row).Length < row.TrimStart(' ', Pointer).Length);
    }

    /// <summary>The key that brings the screen's question nearer to its accepting answer.</summary>
    /// <returns>Null where the question is not known.</returns>
    public static StartKey? FindKey(string screen)
    {
        var rows = screen.Split('\n');
        foreach (var (_, choice) in s_known.Where(known => Holds(screen, known.Question)))
        {
            var wanted = Array.FindLastIndex(rows, row => Choice(row) == choice);
            var pointed = Array.FindLastIndex(rows, IsPointedAt);
            if (wanted >= 0 && pointed >= 0)
            {
                return wanted == pointed ? StartKey.Enter : wanted < pointed ? StartKey.Up : StartKey.Down;
            }
        }

        return null;
    }

    private static bool IsPointedAt(string row) => row.AsSpan().TrimStart().StartsWith([Pointer]);

    // Without the pointer and, where the list has numbers, without its number.
    private static string Choice(string row)
    {
        var text = row.Trim(' ', Pointer);
        return text is [>= '1' and <= '9', '.', ' ', ..] ? text[2..].TrimStart() : text;
    }

    // Long lines are broken by the screen, so spaces and line ends say nothing.
    private static bool Holds(string screen, string text) => Dense(screen).Contains(Dense(text), StringComparison.OrdinalIgnoreCase);

    private static string Dense(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}

/// <summary>A key with which a question at the start is answered.</summary>
public enum StartKey
{
    Enter,
    Up,
    Down,
}
