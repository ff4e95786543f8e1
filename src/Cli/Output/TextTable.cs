namespace FunctionsBroker.Cli.Output;

/// <summary>Rows in columns that are as wide as what is in them, for people and for <c>awk</c>.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const string Gap = "  ";
    private const string Nothing = "-";

    private const int Shown = 50;

    private readonly List<string[]> _rows = [heads];

    /// <summary>The beginning of a text in one line, whatever is in it: what somebody has sent must not steer the terminal.</summary>
    public static string? Shorten(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var line = string.Concat(text.Take(Shown + 1).Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length > Shown ? line[..Shown] + "…" : line;
    }

    /// <param name="cells">One for each head; what is null or empty is shown as a dash.</param>
    public void Add(params string?[] cells) =>
        _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? Nothing : cell)]);

    public void WriteTo(TextWriter writer)
    {
        var widths = Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length)).ToList();
        foreach (var row in _rows)
        {
            writer.WriteLine(string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
