namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>The questions that the CLI is known to ask before it works, and how to tell them on the screen.</summary>
/// <remarks>
/// Texts of 2.1.329, measured, but for the one about development channels: no account here is offered channels, so its
/// text is the one in public reports (anthropics/claude-code issue 58152). <see cref="ChannelFiles"/> answers beforehand
/// what can be answered in files; what appears all the same is answered by key where the profile allows it. Nothing
/// that is not here is ever answered: a blind Enter refuses, and ends the CLI.
/// </remarks>
internal static class StartScreens
{
    private static readonly StartScreen[] s_known =
    [
        new("Is this a project you created or one you trust", "Yes, I trust"),
        new("Loading development channels", "I am using this for local development"),
    ];

    /// <summary>What stands in front of the choice that Enter would take.</summary>
    private const string Pointer = "❯";

    /// <summary>Finds a question that we know how to answer.</summary>
    /// <returns>The key of the accepting choice; null where there is no such question.</returns>
    public static char? FindKey(string screen) =>
        s_known.Where(known => Holds(screen, known.Question)).Select(known => FindNumber(screen, known.Choice)).FirstOrDefault(key => key is not null);

    /// <summary>Whether the screen shows a list to choose from.</summary>
    public static bool Asks(string screen) =>
        screen.Split('\n').Any(line => line.TrimStart().StartsWith(Pointer, StringComparison.Ordinal) && NumberOf(line.TrimStart()[Pointer.Length..]) is not null);

    private static char? FindNumber(string screen, string choice) =>
        screen.Split('\n')
            .Where(line => line.Contains(choice, StringComparison.OrdinalIgnoreCase))
            .Select(line => NumberOf(line.Replace(Pointer, " ", StringComparison.Ordinal)))
            .FirstOrDefault(number => number is not null);

    private static char? NumberOf(string line) =>
        line.Trim() is [>= '1' and <= '9' and var number, '.', ..] ? number : null;

    // Long lines are broken by the screen, so spaces and line ends say nothing.
    private static bool Holds(string screen, string text) =>
        string.Concat(screen.Where(character => !char.IsWhiteSpace(character)))
            .Contains(string.Concat(text.Where(character => !char.IsWhiteSpace(character))), StringComparison.OrdinalIgnoreCase);

    private sealed record StartScreen(string Question, string Choice);
}
