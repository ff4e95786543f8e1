using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

public sealed class DiskGuardTests
{
    private const int Megabytes = 20;

    /// <summary>Linux, full(4): every write finds no space left on the device.</summary>
    private const string Full = "/dev/full";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task Turn_ThatWritesTooMuch_IsStoppedAndTheNextMayMakeRoom()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync(
            "host-1",
            "MemoryCheckInterval=00:00:00.2",
            $"Profiles:default:MaxDiskMb={Megabytes}",
            "Profiles:default:Tools=Bash",
            "Profiles:default:AllowedTools:0=Bash");
        await cluster.RunAsync(host, "room", "t1", "hello");

        await host.AcceptAsync("room", await cluster.PrepareAsync(host, "room", "t2", Bash("head -c 30000000 /dev/zero > big; while true; do sleep 1; done")));
        Assert.Equal(ProblemCodes.DiskQuotaSpent, (await cluster.Callbacks.WaitAsync("t2")).Problem?.Code);

        await host.AcceptAsync("room", await cluster.PrepareAsync(host, "room", "t3", Bash("while true; do head -c 1000000 /dev/zero >> big; sleep 1; done")));
        Assert.Equal(ProblemCodes.DiskQuotaSpent, (await cluster.Callbacks.WaitAsync("t3")).Problem?.Code);

        // It goes on while the guard looks, with more than is allowed, and makes room.
        var freed = await cluster.RunAsync(host, "room", "t4", Bash("sleep 2; rm big; echo freed"));
        Assert.Contains("freed", freed.Reply?.Text, StringComparison.Ordinal);
        Assert.InRange(DiskSpace.SizeOf((await cluster.FoldersOfAsync("room")).Root), 1, Megabytes * 1024 * 1024);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_DiskIsFull_IsLeftToAnotherHost()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MinFreeDiskMb=1048576");

        var refused = await host.RefusedAsync("room", await cluster.PrepareAsync(host, "room", "t1", "say x"));
        using var ready = await host.Http.GetAsync("/healthz/ready", Cancellation);

        Assert.Equal((ProblemCodes.HostDiskFull, true), (refused.Code, refused.Retryable));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "disk full"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_ThatFindsTheDiskFull_EndsAsThatAndAnotherHostMayHaveIt()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "room", "t1", "say a\nexit 0");
        var file = await cluster.ProcessFileAsync("room");
        await Eventually.BecomesTrueAsync(() => !File.Exists(file), Cancellation);

        // Its next process is written down there, before it is given anything to do.
        File.CreateSymbolicLink(file + ".new", Full);
        var failed = (await cluster.RunAsync(host, "room", "t2", "say b")).Attempts[^1];
        File.Delete(file + ".new");

        Assert.Equal((ProblemCodes.HostDiskFull, true), (failed.Problem!.Code, failed.Problem.Retryable));
        Assert.Equal("c", (await cluster.RunAsync(host, "room", "t3", "say c")).Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_FindsTheDiskFull_IsRefusedAsThat()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "room", "t1", "say a");
        var mark = (await cluster.FoldersOfAsync("room")).Mark + ".new";

        // A higher epoch is written down there when the session is taken.
        File.CreateSymbolicLink(mark, Full);
        var refused = await host.RefusedAsync("room", await cluster.PrepareAsync(host, "room", "t2", "say b", epoch: 2));

        Assert.Equal((ProblemCodes.HostDiskFull, true), (refused.Code, refused.Retryable));
    }

    [Fact]
    public void IsFull_WriteThatFindsNoRoom_IsTold()
    {
        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllText(Full, "x"));
        var missing = Assert.ThrowsAny<IOException>(() => File.ReadAllText("/dev/none"));

        Assert.True(DiskSpace.IsFull(full));
        Assert.False(DiskSpace.IsFull(missing));
    }

    [Fact]
    public void SizeOf_FolderWithLinks_CountsWhatIsInItOnce()
    {
        using var folder = new TempDirectory();
        using var outside = new TempDirectory();
        File.WriteAllBytes(outside.Combine("large"), new byte[100_000]);
        Directory.CreateDirectory(folder.Combine("a", "b"));
        File.WriteAllBytes(folder.Combine("a", "b", ".hidden"), new byte[1000]);
        File.CreateSymbolicLink(folder.Combine("file"), outside.Combine("large"));
        Directory.CreateSymbolicLink(folder.Combine("out"), outside.Path);
        Directory.CreateSymbolicLink(folder.Combine("a", "up"), folder.Path);

        Assert.Equal(1000, DiskSpace.SizeOf(folder.Path));
        Assert.Equal(0, DiskSpace.SizeOf(folder.Combine("none")));
    }

    private static string Bash(string command) => $$"""call tool Bash {"command":"{{command}}","description":"write"}""";
}
