using System.Text;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class ChannelProbeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task RunAsync_RealCliWithoutTheFeature_IsKnown()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();

        var said = await terminal.Probe(process).RunAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(ChannelRefusal.FeatureOff, Assert.IsType<ChannelAvailability.Unavailable>(said).Reason);

        // From now on its log takes no room, and it works on.
        Assert.Equal("[1] hello there", (await terminal.AskAsync(process, "hello there")).Answer);
        Assert.Equal("/dev/null", new FileInfo(terminal.Folders.DebugLog).LinkTarget);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task RunAsync_OnlyTheScreenSaysIt_IsKnown()
    {
        using var folder = new TempDirectory();
        var screen = new TerminalScreen();
        var probe = new ChannelProbe(folder.Combine("no.log"), "broker", screen, TimeProvider.System);

        var running = probe.RunAsync(s_patience, TestContext.Current.CancellationToken);
        screen.Write(Encoding.UTF8.GetBytes("▎--channels blocked by org policy (server:broker)\r\n"));

        Assert.Equal(ChannelRefusal.OrganisationPolicy, Assert.IsType<ChannelAvailability.Unavailable>(await running).Reason);
    }

    // The process writes on while its log is put away, each entry by a file opened anew.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task RunAsync_ProcessWritesOnAllTheWhile_LogIsPutAway()
    {
        using var folder = new TempDirectory();
        var log = folder.Combine("debug.log");
        using var written = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            while (!written.IsCancellationRequested)
            {
                File.AppendAllText(log, "[DEBUG] something\n");
            }
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 200; i++)
        {
            await new ChannelProbe(log, "broker", new TerminalScreen(), TimeProvider.System)
                .RunAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.Equal("/dev/null", new FileInfo(log).LinkTarget);
            File.Delete(log);
        }

        await written.CancelAsync();
        await writer;
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task RunAsync_NothingIsSaid_IsAvailableWithoutConfirmation()
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.Combine("debug.log"), "[DEBUG] something\nChannel notifications skipped: half a li", TestContext.Current.CancellationToken);
        var probe = new ChannelProbe(folder.Combine("debug.log"), "broker", new TerminalScreen(), TimeProvider.System);

        var said = await probe.RunAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);

        Assert.Equal(new ChannelAvailability.Available(Confirmed: false), said);
    }
}
