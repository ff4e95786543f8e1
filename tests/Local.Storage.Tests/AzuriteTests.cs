using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests;

/// <summary>The emulator as TestKit runs it, on which other projects' crash tests stand.</summary>
[Trait("Category", "Emulator")]
public sealed class AzuriteTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_ThenStart_KeepsPortsAndData()
    {
        await using var azurite = await Azurite.StartOnDiskAsync(Cancel);
        var connectionString = azurite.ConnectionString;
        var table = new TableClient(connectionString, "kept");
        var queue = new QueueClient(connectionString, "kept");
        await table.CreateAsync(Cancel);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        await queue.CreateAsync(cancellationToken: Cancel);
        await queue.SendMessageAsync("text", Cancel);

        await azurite.StopAsync(Cancel);
        Assert.Equal(0, azurite.ProcessId);
        await azurite.StartAsync(Cancel);

        Assert.Equal(connectionString, azurite.ConnectionString);
        Assert.Equal(1, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value.GetInt32("A"));
        Assert.Equal("text", (await queue.PeekMessageAsync(Cancel)).Value.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Kill_ThenStart_AnswersAgainOnItsPorts()
    {
        await using var azurite = await Azurite.StartInMemoryAsync(Cancel);
        var table = new TableClient(azurite.ConnectionString, "gone");
        await table.CreateAsync(Cancel);

        await azurite.KillAsync();
        await azurite.StartAsync(Cancel);

        Assert.Equal(204, (await table.CreateAsync(Cancel)).GetRawResponse().Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Dispose_EndsTheProcess()
    {
        var azurite = await Azurite.StartInMemoryAsync(Cancel);
        using var process = Process.GetProcessById(azurite.ProcessId);

        await azurite.DisposeAsync();

        Assert.True(process.HasExited);
    }
}
