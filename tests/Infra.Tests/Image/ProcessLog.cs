using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>Keeps what a process prints.</summary>
internal sealed partial class ProcessLog
{
    private readonly StringBuilder _text = new();
    private readonly Process _process;

    public ProcessLog(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until it says where it listens.</summary>
    public async Task<Uri> ListeningAsync(CancellationToken cancellationToken)
    {
        await Eventually.BecomesTrueAsync(() => Port().IsMatch(ToString()) || _process.HasExited, cancellationToken);
        Assert.False(_process.HasExited, ToString());
        return new Uri($"http://127.0.0.1:{Port().Match(ToString()).Groups[1].Value}");
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    private void Add(string? line)
    {
        lock (_text)
        {
            _text.AppendLine(line);
        }
    }

    [GeneratedRegex(@"Now listening on: http://[^ ]*:(\d+)")]
    private static partial Regex Port();
}
