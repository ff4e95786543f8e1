namespace FunctionsBroker.Cli.Output;

/// <summary>The output of all parts in one stream, each line behind the padded name of its part.</summary>
internal sealed class PartLog(TextWriter output, bool colours)
{
    private const int NameWidth = 8;

    // Readable on light and dark ground; red and yellow are left to the parts' own warnings.
    private static readonly int[] s_palette = [36, 32, 35, 34, 96, 92, 95, 94];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours = [];

    /// <summary>Writes one line. Safe to call from any thread.</summary>
    public void Write(string part, string line)
    {
        lock (_lock)
        {
            output.WriteLine($"{Prefix(part)} {line}");
            output.Flush();
        }
    }

    private string Prefix(string part)
    {
        var prefix = $"{part.PadRight(NameWidth)} |";
        if (!colours)
        {
            return prefix;
        }

        if (!_colours.TryGetValue(part, out var colour))
        {
            _colours[part] = colour = s_palette[_colours.Count % s_palette.Length];
        }

        return $"\e[{colour}m{prefix}\e[0m";
    }
}
