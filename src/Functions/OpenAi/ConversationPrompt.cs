using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Makes one prompt of the messages that a session has not been told of.</summary>
/// <remarks>
/// This API tells the whole conversation with every request, a session knows it. So a session is told what comes after
/// the last answer; a request without a session is told everything, in the form in which hosts tell the CLI of
/// exchanges that it does not know (see <c>UntoldExchanges</c> in src/ClaudeCode).
/// </remarks>
internal sealed partial class ConversationPrompt
{
    private const string Explanation =
        "These messages are part of this conversation and came before the one below; each line is one exchange as JSON.";

    private ConversationPrompt(string text, IReadOnlyList<Attachment> attachments)
    {
        Text = text;
        Attachments = attachments;
    }

    public string Text { get; }

    public IReadOnlyList<Attachment> Attachments { get; }

    /// <param name="messages">The conversation; the last message is the user's.</param>
    /// <param name="isKept">Whether a session knows what was answered before.</param>
    public static ConversationPrompt Make(IReadOnlyList<SaidMessage> messages, bool isKept)
    {
        var told = messages.Reverse().SkipWhile(message => message.Role != ChatRole.Assistant).Reverse().ToList();
        var untold = messages.Skip(told.Count).ToList();
        var text = new StringBuilder();
        if (!isKept)
        {
            AppendExchanges(text, told);
        }

        // A session was told the instructions with its first message, and goes by them since.
        AppendInstructions(text, isKept && told.Count > 0 ? untold : messages);
        text.AppendJoin("\n\n", TextsOf(untold, ChatRole.User));
        return new ConversationPrompt(text.ToString(), [.. (isKept ? untold : messages).SelectMany(message => message.Attachments)]);
    }

    private static void AppendExchanges(StringBuilder text, List<SaidMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        text.Append("<earlier-messages>\n").Append(Explanation).Append('\n');
        var first = 0;
        while (first < messages.Count)
        {
            // One exchange is what the user said up to an answer, and all of that answer.
            var asked = messages.Skip(first).TakeWhile(message => message.Role != ChatRole.Assistant).ToList();
            var answered = messages.Skip(first + asked.Count).TakeWhile(message => message.Role != ChatRole.User).ToList();
            first += asked.Count + answered.Count;
            var exchange = new Exchange(
                string.Join("\n\n", TextsOf(asked, ChatRole.User)), string.Join("\n\n", TextsOf(answered, ChatRole.Assistant)));

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

    private static IEnumerable<string> TextsOf(IReadOnlyList<SaidMessage> messages, ChatRole role) =>
        messages.Where(message => message.Role == role && message.Text.Length > 0).Select(message => message.Text);

    private sealed record Exchange(string User, string Assistant);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Exchange))]
    private sealed partial class ExchangeJsonContext : JsonSerializerContext;
}
