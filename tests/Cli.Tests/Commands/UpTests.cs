using System.Diagnostics;
using Azure;
using Azure.Storage;
using Azure.Storage.Queues;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Cli.Tests.Commands;

/// <summary>The real <c>up</c> with all its parts.</summary>
[Trait("Category", "EndToEnd")]
public sealed class UpTests : IAsyncDisposable
{
    private const int TimeoutMs = 180_000;

    private readonly TempDirectory _data = new();
    private readonly Process _up;

    public UpTests()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "broker.dll"), "up", "--port", "0", "--hosts", "1", "--data", _data.Path])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["BROKER_ROOT"] = RepositoryRoot.Path;
        start.Environment["BROKER_PARENT_WATCH"] = "1";
        _up = Process.Start(start)!;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _up.Kill();
        await _up.WaitForExitAsync(CancellationToken.None);
        _up.Dispose();
        _data.Dispose();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Up_APartIsKilledThenItsInputEnds_RestartsThePartAndLeavesNothingInTheEnd()
    {
        var before = await ReadyAsync();

        ProcessGroup.Kill(before.Hosts[0].Pid);
        await Eventually.BecomesTrueAsync(() => DataFolder.ReadEndpoints(_data.Path)!.Hosts[0].Pid != before.Hosts[0].Pid, Cancellation);
        var after = Processes(DataFolder.ReadEndpoints(_data.Path)!);
        _up.StandardInput.Close();
        var rest = await _up.StandardOutput.ReadToEndAsync(Cancellation);
        await _up.WaitForExitAsync(Cancellation);

        Assert.Equal(0, _up.ExitCode);
        Assert.Contains("host-1 ended with code 137; it is started again", rest, StringComparison.Ordinal);
        Assert.All(after, process => Assert.False(process.IsRunning()));
        Assert.Null(DataFolder.ReadEndpoints(_data.Path));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Up_RequestIsSignedWithThePublishedKeyOfTheEmulator_IsRefused()
    {
        var own = new QueueServiceClient((await ReadyAsync()).Storage.ConnectionString);
        var address = new UriBuilder(own.Uri) { Path = Azurite.AccountName }.Uri;

        var published = new QueueServiceClient(address, new StorageSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey));
        var withItsName = new QueueServiceClient(own.Uri, new StorageSharedKeyCredential(own.AccountName, Azurite.AccountKey));

        Assert.NotEqual(0, await CountAsync(own));
        // There is no such account.
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(() => CountAsync(published))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => CountAsync(withItsName))).Status);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Up_ItIsKilledItself_ItsPartsEnd()
    {
        var parts = Processes(await ReadyAsync());

        _up.Kill();

        Assert.Equal(4, parts.Count);
        await Eventually.BecomesTrueAsync(() => !parts.Any(part => part.IsRunning()), Cancellation);
    }

    private static async Task<int> CountAsync(QueueServiceClient storage)
    {
        var count = 0;
        await foreach (var _ in storage.GetQueuesAsync(cancellationToken: Cancellation))
        {
            count++;
        }

        return count;
    }

    private async Task<EndpointsFile> ReadyAsync()
    {
        while (await _up.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("ready", StringComparison.Ordinal))
            {
                return DataFolder.ReadEndpoints(_data.Path)!;
            }
        }

        throw new InvalidOperationException($"up ended before it was ready: {await _up.StandardError.ReadToEndAsync(Cancellation)}");
    }

    private static List<ProcessIdentity> Processes(EndpointsFile endpoints) =>
        [.. ((int[])[endpoints.Front.Pid, FunctionsWorker.Find(endpoints.Front.Pid)!.Value, endpoints.Storage.Pid, .. endpoints.Hosts.Select(host => host.Pid)]).Select(pid => ProcessIdentity.Of(pid)!)];
}
