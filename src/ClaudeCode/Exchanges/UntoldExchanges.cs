using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>
/// What was said in a conversation without the CLI, or before its transcript was begun anew, and which therefore is
/// not in that. It is kept beside the transcript until the CLI has answered a prompt that told it so.
/// </summary>
/// <remarks>Belongs to the session's turn. Read once and remembered; <see cref="Forget"/> when somebody else may have written.</remarks>
public sealed class UntoldExchanges(string path)
{
    /// <summary>In a reply to a prompt that told the CLI of them.</summary>
    public const string ToldNotice = "Claude was told of earlier messages of this conversation that its process did not have.";

    private const string Opening = "<earlier-messages>";
    private const string Closing = "</earlier-messages>";
    private const string Explanation =
        "These messages are part of this conversation and came before the one below; each line is one exchange as JSON.";

    private IReadOnlyList<Exchange>? _exchanges;

    public string Path => path;

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Exchange>> ReadAsync() =>
        _exchanges ??= File.Exists(path) ? [.. (await File.ReadAllLinesAsync(path)).Select(Parse).OfType<Exchange>()] : [];

    /// <summary>Keeps an exchange. It is in the file when the task ends.</summary>
    public Task AddAsync(Exchange exchange) => AddAsync([exchange]);

    /// <inheritdoc cref="AddAsync(Exchange)"/>
    public async Task AddAsync(IReadOnlyList<Exchange> added)
    {
        var exchanges = await ReadAsync();

        // Begun on a line of its own, in case the last one was cut off by a crash.
        await File.AppendAllLinesAsync(path, ["", .. added.Select(exchange => JsonSerializer.Serialize(exchange, ExchangesJsonContext.Default.Exchange))]);
        _exchanges = [.. exchanges, .. added];
    }

    /// <summary>The CLI knows of them now.</summary>
    public void Clear()
    {
        File.Delete(path);
        _exchanges = [];
    }

    /// <summary>The file is read again on next use.</summary>
    public void Forget() => _exchanges = null;

    /// <summary>Puts what was said before a prompt.</summary>
    public static TurnPrompt Introduce(IReadOnlyList<Exchange> exchanges, TurnPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(exchanges);
        ArgumentNullException.ThrowIfNull(prompt);

        if (exchanges.Count == 0)
        {
            return prompt;
        }

        // The serializer escapes angle brackets, so that nothing said can end the block.
        var text = new StringBuilder(Opening).Append('\n').Append(Explanation).Append('\n');
        foreach (var exchange in exchanges)
        {
            text.Append(JsonSerializer.Serialize(new SaidBefore(exchange.Prompt, exchange.Answer), ExchangesJsonContext.Default.SaidBefore)).Append('\n');
        }

        return prompt with { Text = text.Append(Closing).Append("\n\n").Append(prompt.Text).ToString() };
    }

    private static Exchange? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, ExchangesJsonContext.Default.Exchange);
        }
        catch (JsonException)
        {
            // Cut off by a crash, so nobody was told of the answer: the turn is asked again.
            return null;
        }
    }
}
