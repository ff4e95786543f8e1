using System.Globalization;
using System.Text.RegularExpressions;

namespace FunctionsBroker.LoopbackModel.Directives;

/// <summary>Reads directives: <c>key=value</c> pairs separated by spaces, at the end of a prompt inside <c>{{model: …}}</c>.</summary>
internal static partial class DirectiveParser
{
    /// <summary>Splits a prompt into its text and the directive it ends with, if any.</summary>
    /// <exception cref="FormatException">The directive is there but not readable; the message names the part.</exception>
    public static (string Text, Directive Directive) Split(string prompt)
    {
        var match = TrailingDirective().Match(prompt);
        return match.Success
            ? (prompt[..match.Index].TrimEnd(), Parse(match.Groups["body"].Value))
            : (prompt, Directive.None);
    }

    /// <summary>The text of a prompt without its directive, readable or not.</summary>
    public static string TextOf(string prompt)
    {
        var match = TrailingDirective().Match(prompt);
        return match.Success ? prompt[..match.Index].TrimEnd() : prompt;
    }

    /// <summary>Reads the pairs of a directive.</summary>
    /// <exception cref="FormatException">A pair is unknown or its value is out of range; the message names it.</exception>
    public static Directive Parse(string body)
    {
        var directive = Directive.None;
        foreach (var pair in body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var k, var v] ? (k, v) : throw Unreadable(pair);
            directive = With(directive, key, value) ?? throw Unreadable(pair);
        }

        return directive;
    }

    private static Directive? With(Directive directive, string key, string value) => (key, value) switch
    {
        ("delay", _) when Time(value) is { } time => directive with { Delay = time },
        ("chunk", _) when Number(value, 1) is { } number => directive with { Chunk = number },
        ("chunkDelay", _) when Time(value) is { } time => directive with { ChunkDelay = time },
        ("status", _) when Number(value, 400) is { } number and < 600 => directive with { Status = number },
        ("retryAfter", _) when Number(value, 0) is { } number => directive with { RetryAfter = number },
        ("reset", _) when Number(value, 0) is { } number => directive with { Reset = number },
        ("times", _) when Number(value, 0) is { } number => directive with { Times = number },
        ("drop", "beforeHeaders") => directive with { Drop = new Drop.BeforeHeaders() },
        ("drop", "midStream") => directive with { Drop = new Drop.MidStream() },
        ("drop", _) when Number(value, 0) is { } number => directive with { Drop = new Drop.AfterBytes(number) },
        ("stall", _) when Time(value) is { } time => directive with { Stall = time },
        ("ping", _) when Time(value) is { } time && time > TimeSpan.Zero => directive with { Ping = time },
        ("stop", "refusal") => directive with { Stop = "refusal" },
        ("stop", "maxTokens") => directive with { Stop = "max_tokens" },
        ("streamError", _) when value.EndsWith("_error", StringComparison.Ordinal) => directive with { StreamError = value },
        _ => null,
    };

    private static TimeSpan? Time(string value) => value switch
    {
        [.. var digits, 'm', 's'] when Number(digits, 0) is { } number => TimeSpan.FromMilliseconds(number),
        [.. var digits, 's'] when Number(digits, 0) is { } number => TimeSpan.FromSeconds(number),
        _ => null,
    };

    private static int? Number(string value, int minimum) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum ? number : null;

    private static FormatException Unreadable(string pair) =>
        new($"Model directive '{pair}' is not known or its value is out of range; see docs/loopback-model.md.");

    [GeneratedRegex(@"\{\{model:(?<body>[^{}]*)\}\}\s*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex TrailingDirective();
}
