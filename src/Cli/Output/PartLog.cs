namespace FunctionsBroker.Cli.Output;

/// <summary>The output of all parts in one stream and in a file, each line behind the padded name of its part.</summary>
/// <param name="output">The stream.</param>
/// <param name="colours">Whether the stream has colours; the file has none.</param>
/// <param name="shown">Which parts' lines the stream gets; null shows all. The file has all in any case.</param>
internal sealed class PartLog(TextWriter output, bool colours, Func<string, bool>? shown = null) : IDisposable
{
    private const int NameWidth = 8;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Readable on light and dark ground; red and yellow are left to the parts' own warnings.
    private static readonly int[] s_palette = [36, 32, 35, 34, 96, 92, 95, 94];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours = [];
    private StreamWriter? _file;

    /// <summary>Writes all further lines to this file too. One that is there is kept as <c>PATH.1</c>, in place of the one before.</summary>
    public void KeepIn(string path)
    {
        if (File.Exists(path))
        {
            File.Move(path, $"{path}.1", overwrite: true);
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, UnixCreateMode = OwnerOnly };
        lock (_lock)
        {
            _file = new StreamWriter(path, options);
        }
    }

    /// <summary>Writes one line. Safe to call from any thread.</summary>
    public void Write(string part, string line)
    {
        lock (_lock)
        {
            _file?.WriteLine($"{Plain(part)} {line}");
            _file?.Flush();
            if (shown is null || shown(part))
            {
                output.WriteLine($"{Prefix(part)} {line}");
                output.Flush();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static string Plain(string part) => $"{part.PadRight(NameWidth)} |";

    private string Prefix(string part)
    {
        if (!colours)
        {
            return Plain(part);
        }

        if (!_colours.TryGetValue(part, out var colour))
        {
            _colours[part] = colour = s_palette[_colours.Count % s_palette.Length];
        }

        return $"\e[{colour}m{Plain(part)}\e[0m";
    }
}
