using System.Text;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Finds out whether a started process takes our channel's messages. The protocol itself does not say.</summary>
/// <param name="debugLog">What the process writes by <c>--debug-file</c>.</param>
/// <param name="server">What our MCP server is called.</param>
internal sealed class ChannelProbe(string debugLog, string server, TerminalScreen screen, TimeProvider time)
{
    private const string Nowhere = "/dev/null";
    private const int MaxLogBytes = 1024 * 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads what the process says until it has said something of channels, or the time is over.</summary>
    /// <param name="patience">Measured on 2.1.329: the line is there within 0.1 s of the connection.</param>
    /// <returns>Available, though not confirmed, when nothing was said.</returns>
    public async Task<ChannelAvailability> RunAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var said = await ListenAsync(patience, cancellationToken);
        SilenceLog();
        return said;
    }

    private async Task<ChannelAvailability> ListenAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (Look() is { } said)
            {
                return said;
            }

            if (time.GetElapsedTime(started) >= patience)
            {
                return new ChannelAvailability.Available(Confirmed: false);
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private ChannelAvailability? Look() =>
        ChannelSigns.Read(ReadLog(), server) ?? ChannelSigns.Read(screen.Text.Split('\n'), server);

    // The log would grow by 7 KB with every turn for as long as the process lives. The CLI opens it anew for each entry,
    // so the link takes the log's place in one step: between a deletion and a link the CLI would make the file again.
    private void SilenceLog()
    {
        var link = debugLog + ".link";
        File.Delete(link);
        File.CreateSymbolicLink(link, Nowhere);
        File.Move(link, debugLog, overwrite: true);
    }

    private string[] ReadLog()
    {
        try
        {
            // What is said of channels is said at the start, so the beginning is enough.
            using var file = new FileStream(debugLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Math.Min(file.Length, MaxLogBytes)];
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(bytes, 0, read).Split('\n')[..^1];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // It is made by the process, which may not have got that far.
            return [];
        }
    }
}
