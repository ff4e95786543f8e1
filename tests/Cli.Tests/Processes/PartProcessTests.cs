using System.Collections.Concurrent;
using System.Globalization;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Processes;

public sealed class PartProcessTests
{
    private const int TimeoutMs = 60_000;

    private readonly ConcurrentQueue<string> _lines = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task Start_NotReleased_TheProgramDoesNotRun()
    {
        await using var process = Start("echo ran");

        await process.DisposeAsync();

        Assert.Empty(_lines);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Release_BothOutputsAndTheExitCode_AreReported()
    {
        await using var process = Start("echo out; echo err >&2; exit 7");

        process.Release();

        Assert.Equal(7, await process.Exit.WaitAsync(Cancellation));
        await process.DisposeAsync();
        Assert.Equal(["err", "out"], _lines.Order());
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Release_OnlyTheGivenEnvironment_ReachesTheProgram()
    {
        Environment.SetEnvironmentVariable("BROKER_TEST_SECRET", "secret");
        await using var process = Start("env");

        process.Release();
        await process.Exit.WaitAsync(Cancellation);
        await process.DisposeAsync();

        Assert.Contains("GIVEN=given", _lines);
        Assert.DoesNotContain(_lines, line => line.Contains("BROKER_TEST_SECRET", StringComparison.Ordinal));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Release_TheProgram_LeadsASessionOfItsOwnUnderTheKnownId()
    {
        await using var process = Start("echo $$; cut -d' ' -f5,6 /proc/$$/stat");

        process.Release();
        await process.Exit.WaitAsync(Cancellation);
        await process.DisposeAsync();

        var id = process.Pid.ToString(CultureInfo.InvariantCulture);
        Assert.Equal([id, $"{id} {id}"], _lines);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_ProgramThatListens_StopsInGoodOrder()
    {
        await using var process = Start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        process.Release();
        await Eventually.BecomesTrueAsync(() => _lines.Contains("up"), Cancellation);

        var polite = await process.StopAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation);
        await process.DisposeAsync();

        Assert.True(polite);
        Assert.Contains("bye", _lines);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_ProgramThatDoesNotListen_IsKilledAfterItsGrace()
    {
        await using var process = Start("trap '' TERM; echo up; while :; do sleep 0.05; done");
        process.Release();
        await Eventually.BecomesTrueAsync(() => _lines.Contains("up"), Cancellation);

        var polite = await process.StopAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);

        Assert.False(polite);
        Assert.Null(ProcessIdentity.Of(process.Pid));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_ChildThatOutlivesTheLeader_IsKilledToo()
    {
        await using var process = Start("(trap '' TERM; while :; do sleep 0.05; done) & echo $!; trap 'exit 0' TERM; while :; do sleep 0.05; done");
        process.Release();
        await Eventually.BecomesTrueAsync(() => !_lines.IsEmpty, Cancellation);
        var child = ProcessIdentity.Of(int.Parse(_lines.First(), CultureInfo.InvariantCulture));

        await process.StopAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation);

        Assert.NotNull(child);
        await Eventually.BecomesTrueAsync(() => !child.IsRunning(), Cancellation);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Identity_OfAnEndedProcess_IsNotRunning()
    {
        var process = Start("sleep 600");
        process.Release();
        var identity = ProcessIdentity.Of(process.Pid);

        await process.DisposeAsync();

        Assert.NotNull(identity);
        Assert.False(identity.IsRunning());
        Assert.False((identity with { Pid = Environment.ProcessId }).IsRunning());
        Assert.True(ProcessIdentity.Of(Environment.ProcessId)!.IsRunning());
    }

    private PartProcess Start(string script) => PartProcess.Start(ShellPart.Command(script), _lines.Enqueue);
}
