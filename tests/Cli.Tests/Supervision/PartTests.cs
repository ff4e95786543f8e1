using System.Collections.Concurrent;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Cli.Supervision;
using FunctionsBroker.Cli.Tests.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Supervision;

public sealed class PartTests : IAsyncDisposable
{
    private const int TimeoutMs = 60_000;

    private readonly Guardian _guardian = Guardian.Start();
    private readonly StringWriter _output = new();
    private readonly TextWriter _writer;
    private readonly ConcurrentQueue<int> _pids = new();

    public PartTests() => _writer = TextWriter.Synchronized(_output);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _guardian.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Part_ItsProcessIsKilled_AnotherIsStartedAndWrittenDown()
    {
        await using var part = Start("sleep 600");
        await Eventually.BecomesTrueAsync(() => part.Starts == 1, Cancellation);
        var first = part.Pid;

        // The process and not its group, which it does not lead yet in its first moment.
        using (var process = System.Diagnostics.Process.GetProcessById(first))
        {
            process.Kill();
        }

        await Eventually.BecomesTrueAsync(() => part.Starts == 2, Cancellation);

        Assert.Equal([first, part.Pid], _pids);
        Assert.NotEqual(first, part.Pid);
        Assert.NotNull(ProcessIdentity.Of(part.Pid));
        Assert.Contains("up       | part ended with code 137; it is started again in 0.2 s", Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_RunningPart_LeavesNoProcessAndStartsNone()
    {
        await using var part = Start("sleep 600");
        await Eventually.BecomesTrueAsync(() => part.Starts == 1, Cancellation);

        await part.StopAsync(Cancellation);

        Assert.Null(ProcessIdentity.Of(part.Pid));
        Assert.Single(_pids);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_PartThatWaitsToBeStartedAgain_EndsAtOnce()
    {
        await using var part = Start("exit 3");
        await Eventually.BecomesTrueAsync(() => part.Starts >= 3, Cancellation);

        await part.StopAsync(Cancellation);
        var starts = part.Starts;

        Assert.All(_pids, pid => Assert.Null(ProcessIdentity.Of(pid)));
        Assert.Equal(starts, part.Starts);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Stop_Now_KillsWithoutGrace()
    {
        await using var part = Start("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        await Eventually.BecomesTrueAsync(() => Output.Contains("deaf", StringComparison.Ordinal), Cancellation);

        await part.StopAsync(new CancellationToken(canceled: true));

        Assert.Null(ProcessIdentity.Of(part.Pid));
        Assert.Single(_pids);
    }

    private string Output
    {
        get
        {
            // The lock that the synchronized writer takes.
            lock (_writer)
            {
                return _output.ToString();
            }
        }
    }

    private Part Start(string script) =>
        new(ShellPart.Command(script), _guardian, new PartLog(_writer, colours: false), TimeProvider.System, (_, pid) => _pids.Enqueue(pid));
}
