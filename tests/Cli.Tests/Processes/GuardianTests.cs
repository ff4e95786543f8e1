using System.Collections.Concurrent;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Processes;

/// <summary>The end of the guardian's input, which stands for the death of its starter.</summary>
public sealed class GuardianTests
{
    private const int TimeoutMs = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeoutMs)]
    public async Task End_GroupsStillWatched_AreStopped()
    {
        var lines = new ConcurrentQueue<string>();
        await using var polite = PartProcess.Start(ShellPart.Command("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"), lines.Enqueue);
        await using var stubborn = PartProcess.Start(ShellPart.Command("trap '' TERM; echo up; while :; do sleep 0.05; done"), lines.Enqueue);
        var guardian = Guardian.Start();
        foreach (var process in (PartProcess[])[polite, stubborn])
        {
            guardian.Watch(process.Pid);
            process.Release();
        }

        await Eventually.BecomesTrueAsync(() => lines.Count(line => line == "up") == 2, Cancellation);
        await guardian.DisposeAsync();

        Assert.Equal(0, await polite.Exit.WaitAsync(Cancellation));
        Assert.Equal(128 + 9, await stubborn.Exit.WaitAsync(Cancellation));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task End_ForgottenGroup_IsLeftAlone()
    {
        await using var process = PartProcess.Start(ShellPart.Command("sleep 600"), _ => { });
        process.Release();
        var guardian = Guardian.Start();
        guardian.Watch(process.Pid);
        guardian.Forget(process.Pid);

        await guardian.DisposeAsync();

        Assert.False(process.Exit.IsCompleted);
    }
}
