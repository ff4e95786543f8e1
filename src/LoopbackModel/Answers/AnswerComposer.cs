using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.LoopbackModel.Directives;

namespace FunctionsBroker.LoopbackModel.Answers;

/// <summary>Answers a conversation by the phrases listed in docs/loopback-model.md: the same conversation, the same answer.</summary>
internal static partial class AnswerComposer
{
    private static readonly string[] s_numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    public static Answer Compose(Conversation conversation) => conversation.Kind switch
    {
        // A title, a topic: whatever the schema, an object with a title reads as one and is otherwise ignored.
        RequestKind.Side => new Answer.Text("""{"title":"Loopback conversation"}"""),
        RequestKind.Compaction => new Answer.Text(CompactionText.Summarize(conversation.Turns.SkipLast(1))),
        _ => Turn(conversation),
    };

    private static Answer Turn(Conversation conversation)
    {
        var prompt = DirectiveParser.TextOf(conversation.Prompt);
        var calls = CallTool().Matches(prompt);
        if (calls.Count > conversation.ToolResults.Count)
        {
            return Call(calls[conversation.ToolResults.Count]);
        }

        if (Scripted(prompt, conversation.Turns) is { } scripted)
        {
            return new Answer.Text(scripted);
        }

        var text = calls.Count > 0 ? string.Join('\n', conversation.ToolResults.Select(Quote)) : SearchPhrase.Answer(prompt, conversation) ?? Say(prompt, conversation.Turns);
        var full = $"[{conversation.Turns.Count}] {text}";
        var goesOn = conversation.Continues && full.StartsWith(conversation.Said, StringComparison.Ordinal);
        return new Answer.Text(goesOn ? full[conversation.Said.Length..] : full);
    }

    private static string? Scripted(string prompt, IReadOnlyList<string> turns)
    {
        if (Exactly().Match(prompt) is { Success: true } now)
        {
            return now.Groups["text"].Value;
        }

        return turns.Count > 1 && ExactlyAgain().Match(turns[^2]) is { Success: true } again ? again.Groups["text"].Value : null;
    }

    private static Answer Call(Match call)
    {
        try
        {
            using var input = JsonDocument.Parse(call.Groups["input"].Value);
            return new Answer.ToolCall(call.Groups["name"].Value, input.RootElement.GetRawText());
        }
        catch (JsonException exception)
        {
            return new Answer.Text($"cannot call {call.Groups["name"].Value}: its input is not JSON: {exception.Message}");
        }
    }

    private static string Quote(ToolResult result) =>
        $"tool {result.Name} {(result.IsError ? "failed" : "said")}: {result.Text.Trim()}";

    private static string Say(string prompt, IReadOnlyList<string> turns)
    {
        if (TurnsAgo().Match(prompt) is { Success: true } ago)
        {
            return Earlier(Number(ago.Groups["count"].Value), turns);
        }

        if (Recall().Match(prompt) is { Success: true } recall)
        {
            return Known(recall.Groups["key"].Value, turns);
        }

        if (Remember().Match(prompt) is { Success: true } remember)
        {
            return $"remembered {remember.Groups["key"].Value}";
        }

        return Repeat().Match(prompt) is { Success: true } repeat ? Words(Number(repeat.Groups["count"].Value)) : prompt;
    }

    private static string Earlier(int count, IReadOnlyList<string> turns)
    {
        var index = turns.Count - 1 - count;
        return index >= 0 ? DirectiveParser.TextOf(turns[index]) : "there was no such turn";
    }

    private static string Known(string key, IReadOnlyList<string> turns)
    {
        var facts = turns.Select(turn => Remember().Match(DirectiveParser.TextOf(turn)));
        var fact = facts.LastOrDefault(match => match.Success && match.Groups["key"].Value == key);
        return fact?.Groups["value"].Value ?? $"nothing is known of {key}";
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Range(1, count).Select(number => $"word{number}"));

    private static int Number(string text)
    {
        var spelled = Array.IndexOf(s_numbers, text.ToLowerInvariant());
        return spelled >= 0 ? spelled : int.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\bwhat did I say (?<count>\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten) turns? ago\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex TurnsAgo();

    [GeneratedRegex(@"^recall (?<key>[\w.-]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Recall();

    [GeneratedRegex(@"^remember (?<key>[\w.-]+)=(?<value>.+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Remember();

    [GeneratedRegex(@"^repeat (?<count>\d{1,6}) words?\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Repeat();

    [GeneratedRegex(@"^answer exactly (?<text>.+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Exactly();

    [GeneratedRegex(@"^and next time exactly (?<text>.+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex ExactlyAgain();

    [GeneratedRegex(@"^call tool (?<name>[\w-]+) (?<input>\{.*\})\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex CallTool();
}

/// <summary>What the model says.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A text that ends the turn.</summary>
    public sealed record Text(string Value) : Answer;

    /// <summary>A call of a tool, whose result the caller sends next.</summary>
    public sealed record ToolCall(string Name, string InputJson) : Answer;
}
