using System.Globalization;
using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>
/// A message from the channel: <c>say TEXT</c> is its answer, and a line <c>channel FAULT [NUMBER]</c> names what goes wrong with it.
/// </summary>
internal sealed class PushedTurn
{
    private readonly Dictionary<string, int> _faults = new(StringComparer.Ordinal);

    public PushedTurn(JsonNode parameters)
    {
        TurnId = (string)parameters["meta"]!["turn_id"]!;
        var content = (string)parameters["content"]!;
        Prompt = $"<channel source=\"broker\" turn_id=\"{TurnId}\">\n{content}\n</channel>";
        foreach (var words in content.Split('\n').Select(line => line.Split(' ', 2)))
        {
            switch (words)
            {
                case ["say", var text]:
                    Answer = text;
                    break;
                case ["channel", var fault]:
                    var parts = fault.Split(' ');
                    _faults[parts[0]] = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
                    break;
            }
        }
    }

    public string TurnId { get; }

    /// <summary>As the CLI shows it to the model.</summary>
    public string Prompt { get; }

    public string Answer { get; } = string.Empty;

    public bool Has(string fault) => _faults.ContainsKey(fault);

    /// <returns>The fault's number; 0 without the fault.</returns>
    public int Number(string fault) => _faults.GetValueOrDefault(fault);

    public TimeSpan Time(string fault) => TimeSpan.FromMilliseconds(Number(fault));
}
