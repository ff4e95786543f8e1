using System.Collections.Concurrent;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Cli.Tests.Processes;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Acquire_FolderInUse_IsRefusedWithItsName()
    {
        using var first = DataFolder.Acquire(_temp.Combine("data"));

        var exception = Assert.Throws<CommandException>(() => DataFolder.Acquire(_temp.Combine("data")));

        Assert.Equal(ExitCodes.WrongState, exception.ExitCode);
        Assert.Contains(first.Path, exception.Message, StringComparison.Ordinal);
    }

    // The last is there and takes no files, also from root.
    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("/proc/none/data")]
    [InlineData("/proc")]
    public void Acquire_FolderThatCannotBeMadeOrWrittenTo_IsRefusedWithItsNameAndTheReason(string path)
    {
        File.WriteAllText(_temp.Combine("file"), "");

        var exception = Assert.Throws<CommandException>(() => DataFolder.Acquire(_temp.Combine(path)));

        Assert.Equal(ExitCodes.WrongState, exception.ExitCode);
        Assert.Contains($"{_temp.Combine(path)} cannot be used as a data folder: ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Acquire_FolderGivenBack_IsTaken()
    {
        DataFolder.Acquire(_temp.Path).Dispose();

        using var again = DataFolder.Acquire(_temp.Path);

        Assert.Equal(_temp.Path, again.Path);
    }

    [Fact]
    public void WriteEndpoints_IsReadBackAndOnlyForItsOwner()
    {
        using var folder = DataFolder.Acquire(_temp.Path);
        var endpoints = new EndpointsFile
        {
            Front = new FrontEndpoint(new Uri("http://127.0.0.1:7071/"), "key", 1),
            Hosts = [new HostEndpoint("host-1", new Uri("http://127.0.0.1:7072/"), 2)],
            Storage = new StorageEndpoint("UseDevelopmentStorage=true", 3),
        };

        folder.WriteEndpoints(endpoints);

        var read = DataFolder.ReadEndpoints(_temp.Path)!;
        Assert.Equal((endpoints.Front, endpoints.Storage), (read.Front, read.Storage));
        Assert.Equal(endpoints.Hosts, read.Hosts);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Combine("endpoints.json")));
        Assert.Empty(Directory.GetFiles(_temp.Path, "*.next"));
    }

    [Fact]
    public void ReadEndpoints_NothingRuns_IsNull()
    {
        Assert.Null(DataFolder.ReadEndpoints(_temp.Path));
        Assert.Equal(ExitCodes.WrongState, Assert.Throws<CommandException>(() => RunningBroker.Require(_temp.Path)).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task KillLeftovers_OfAnEarlierRun_KillsThoseAndNoOther()
    {
        var up = new ConcurrentBag<string>();
        await using var left = PartProcess.Start(ShellPart.Command("echo up; sleep 600"), up.Add);
        await using var stranger = PartProcess.Start(ShellPart.Command("echo up; sleep 600"), up.Add);
        left.Release();
        stranger.Release();
        await Eventually.BecomesTrueAsync(() => up.Count == 2, TestContext.Current.CancellationToken);
        using var folder = DataFolder.Acquire(_temp.Path);
        var known = ProcessIdentity.Of(left.Pid)!;
        var reused = ProcessIdentity.Of(stranger.Pid)! with { StartTicks = 1 };
        folder.WriteRecords([new ProcessRecord("front", known), new ProcessRecord("host-1", reused)]);

        var killed = folder.KillLeftovers();

        Assert.Equal(["front"], killed);
        Assert.Equal(128 + 9, await left.Exit.WaitAsync(TestContext.Current.CancellationToken));
        Assert.False(stranger.Exit.IsCompleted);
    }
}
