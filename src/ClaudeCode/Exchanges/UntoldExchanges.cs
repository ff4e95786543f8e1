using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>
/// What was said in a conversation without the CLI, which therefore is not in its transcript. It is kept beside the
/// transcript until the CLI has answered a prompt that told it so.
/// </summary>
/// <remarks>Belongs to the session's turn. Read once and remembered; <see cref="Forget"/> when somebody else may have written.</remarks>
public sealed class UntoldExchanges(string path)
{
    /// <summary>In a reply to a prompt that told the CLI of them.</summary>
    public const string ToldNotice = "Claude was told of earlier messages of this conversation that had been answered without the CLI.";

    private const string Opening = "<earlier-messages>";
    private const string Closing = "</earlier-messages>";
    private const string Explanation =
        "These messages are part of this conversation and came before the one below; each line is one exchange as JSON.";

    private List<Exchange>? _exchanges;

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Exchange>> ReadAsync()
    {
        if (_exchanges is null)
        {
            List<Exchange> exchanges = [];
            foreach (var line in File.Exists(path) ? await File.ReadAllLinesAsync(path) : [])
            {
                exchanges.Add(JsonSerializer.Deserialize(line, ExchangesJsonContext.Default.Exchange)
                    ?? throw new InvalidDataException($"A line of {path} is no exchange."));
            }

            _exchanges = exchanges;
        }

        return _exchanges;
    }

    /// <summary>Keeps an exchange. It is on the disk when the task ends.</summary>
    public async Task AddAsync(Exchange exchange)
    {
        List<Exchange> exchanges = [.. await ReadAsync(), exchange];
        var lines = exchanges.Select(kept => JsonSerializer.Serialize(kept, ExchangesJsonContext.Default.Exchange));

        // Renamed into place, so that nobody reads half of it.
        var temporary = path + ".new";
        await File.WriteAllLinesAsync(temporary, lines);
        File.Move(temporary, path, overwrite: true);
        _exchanges = exchanges;
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
}
