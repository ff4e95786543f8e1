using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Makes one prompt of what a session has not been told of a conversation.</summary>
/// <remarks>
/// This API tells the whole conversation with every request, a session knows it. So a session that knows it is told what comes after
/// the last answer; any other is told everything, in the form in which hosts tell the CLI of exchanges that it does not
/// know (see <c>UntoldExchanges</c> in src/ClaudeCode).
/// </remarks>
internal sealed partial class ConversationPrompt
{
    private const string Explanation =
        "These messages are part of this conversation and came before the one below; each line is one exchange as JSON.";

    /// <summary>For a request that ends with an answer, or with what a tool of the client said.</summary>
    private const string GoOn = "Go on from where your last answer ended, without saying any of it again.";

    private ConversationPrompt(string text, IReadOnlyList<Attachment> attachments)
    {
        Text = text;
        Attachments = attachments;
    }

    public string Text { get; }

    public IReadOnlyList<Attachment> Attachments { get; }

    /// <param name="isKnown">Whether the session knows what was said up to the last answer.</param>
    /// <param name="tellsInstructions">Whether it is told the client's instructions. It goes by them until it is told others.</param>
    /// <param name="format">What is said of the form of the answer; null for nothing.</param>
    public static ConversationPrompt Make(ChatConversation conversation, bool isKnown, bool tellsInstructions, string? format)
    {
        var text = new StringBuilder();
        if (!isKnown)
        {
            AppendExchanges(text, conversation.Told);
        }

        AppendInstructions(text, tellsInstructions ? conversation.Messages : conversation.Asked);
        AppendToolResults(text, conversation.Asked);
        var asked = TextsOf(conversation.Asked, ChatRole.User).ToList();
        text.AppendJoin("\n\n", asked.Count == 0 && (conversation.Told.Count > 0 || conversation.Asked.Any(message => message.Role == ChatRole.Tool)) ? [GoOn] : asked);
        if (format is not null)
        {
            text.Append("\n\n<answer-format>\n").Append(format).Append("\n</answer-format>");
        }

        return new ConversationPrompt(text.ToString(), [.. (isKnown ? conversation.Asked : conversation.Messages).SelectMany(message => message.Attachments)]);
    }

    private static void AppendExchanges(StringBuilder text, IReadOnlyList<SaidMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        text.Append("<earlier-messages>\n").Append(Explanation).Append('\n');
        var first = 0;
        while (first < messages.Count)
        {
            // One exchange is what the user said up to an answer, and all of that answer, with what the client's tools said for it.
            var asked = messages.Skip(first).TakeWhile(message => message.Role is ChatRole.User or ChatRole.Instructions).ToList();
            var answered = messages.Skip(first + asked.Count).TakeWhile(message => message.Role != ChatRole.User).ToList();
            first += asked.Count + answered.Count;
            var tools = TextsOf(answered, ChatRole.Tool).ToList();
            var exchange = new Exchange(
                string.Join("\n\n", TextsOf(asked, ChatRole.User)),
                string.Join("\n\n", TextsOf(answered, ChatRole.Assistant)),
                tools.Count == 0 ? null : tools);

            // The serializer escapes angle brackets, so that nothing said can end the block.
            text.Append(JsonSerializer.Serialize(exchange, ExchangeJsonContext.Default.Exchange)).Append('\n');
        }

        text.Append("</earlier-messages>\n\n");
    }

    private static void AppendInstructions(StringBuilder text, IReadOnlyList<SaidMessage> messages)
    {
        var instructions = TextsOf(messages, ChatRole.Instructions).ToList();
        if (instructions.Count > 0)
        {
            text.Append("<instructions>\n").AppendJoin("\n\n", instructions).Append("\n</instructions>\n\n");
        }
    }

    private static void AppendToolResults(StringBuilder text, IReadOnlyList<SaidMessage> messages)
    {
        var results = TextsOf(messages, ChatRole.Tool).ToList();
        if (results.Count > 0)
        {
            text.Append("<tool-results>\n");
            foreach (var result in results)
            {
                text.Append(JsonSerializer.Serialize(result, ExchangeJsonContext.Default.String)).Append('\n');
            }

            text.Append("</tool-results>\n\n");
        }
    }

    private static IEnumerable<string> TextsOf(IReadOnlyList<SaidMessage> messages, ChatRole role) =>
        messages.Where(message => message.Role == role && message.Text.Length > 0).Select(message => message.Text);

    private sealed record Exchange(string User, string Assistant, IReadOnlyList<string>? Tools);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Exchange))]
    [JsonSerializable(typeof(string))]
    private sealed partial class ExchangeJsonContext : JsonSerializerContext;
}
