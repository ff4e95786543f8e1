using System.Globalization;
using System.Text;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.ClaudeCode.Tests.Processes;

public sealed class CliProcessTests
{
    private const int Lines = 120;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Lines_OfAProcessThatHasEnded_AreAllThereForAConsumerThatComesLate()
    {
        using var folder = new TempDirectory();
        var time = new FakeTimeProvider();
        var launch = new CliLaunch
        {
            FileName = "sh",
            Arguments = ["-c", string.Create(CultureInfo.InvariantCulture, $"for n in $(seq {Lines}); do printf '%0500d\\n' $n; done")],
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty },
        };
        await using var process = CliProcess.Start(launch, time, NullLogger.Instance);
        await Eventually.BecomesTrueAsync(() => !process.Identity.IsAlive(), Cancellation);

        // More than are kept ahead, in the pipe of a process that is gone, for minutes.
        for (var look = 0; look < 50; look++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        List<int> read = [];
        await foreach (var line in process.Lines.ReadAllAsync(Cancellation))
        {
            read.Add(int.Parse(Encoding.UTF8.GetString(line.Bytes.Span), CultureInfo.InvariantCulture));
            process.Release(line);
        }

        Assert.Equal(Enumerable.Range(1, Lines), read);
        Assert.Equal(0, (await process.Completion).ExitCode);
    }
}
