using Azure;
using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

/// <summary>
/// An emulator that is killed comes back as it was some seconds before, with everything forgotten that it has confirmed
/// since. A hub on it must go back with it, as a whole: it may not go on from what it remembers.
/// </summary>
[Trait("Category", "Emulator")]
public sealed class StorageRollbackTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);
    private static readonly EntityInstanceId s_from = new("Counter", "from");
    private static readonly EntityInstanceId s_to = new("Counter", "to");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task IdleHub_OnStorageThatWentBack_NoticesAtItsNextWrite()
    {
        await using Azurite azurite = await Azurite.StartOnDiskAsync(Cancellation);
        await using HubHarness hub = await AddTransfers(new HubHarness(azurite.ConnectionString)).StartAsync();
        await hub.RunAsync("Transfer");
        await WriteOutAsync(azurite);
        for (int i = 0; i < 5; i++)
        {
            await hub.RunAsync("Transfer");
        }

        await hub.CheckpointAsync();

        await azurite.KillAsync();
        await azurite.StartAsync(Cancellation);

        await TransferAsync(hub);
        int transfers = await ConsistentAsync(hub);
        await hub.CrashAndRestartAsync();
        Assert.Equal(transfers, await ConsistentAsync(hub));
    }

    [Fact(Timeout = 4 * TestTimeouts.DefaultMilliseconds)]
    public async Task BusyHub_OnStorageThatGoesBackAgainAndAgain_StaysConsistent()
    {
        await using Azurite azurite = await Azurite.StartOnDiskAsync(Cancellation);
        await using HubHarness hub = await AddTransfers(new HubHarness(azurite.ConnectionString)).StartAsync();
        for (int round = 0; round < 3; round++)
        {
            await WriteOutAsync(azurite);
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task[] busy = [.. Enumerable.Range(0, 3).Select(_ => RepeatAsync(() => TransferAsync(hub), enough.Token)), RepeatAsync(hub.CheckpointAsync, enough.Token)];
            for (int i = 0; i < 10; i++)
            {
                await TransferAsync(hub);
            }

            await azurite.KillAsync();
            await azurite.StartAsync(Cancellation);
            await TransferAsync(hub);
            await enough.CancelAsync();
            await Task.WhenAll(busy);

            int transfers = await ConsistentAsync(hub);
            await hub.CrashAndRestartAsync();
            Assert.Equal(transfers, await ConsistentAsync(hub));
        }
    }

    private static HubHarness AddTransfers(HubHarness hub) => hub
        .Entity<Counter>("Counter")
        .Orchestrator<int, int>("Transfer", async (context, number) =>
        {
            await context.Entities.CallEntityAsync(s_from, "Add", -1);
            await context.Entities.CallEntityAsync(s_to, "Add", 1);
            return number;
        });

    // What is confirmed after this is forgotten when it is killed within the next five seconds.
    private static async Task WriteOutAsync(Azurite azurite)
    {
        await azurite.StopAsync(Cancellation);
        await azurite.StartAsync(Cancellation);
    }

    private static async Task RepeatAsync(Func<Task> action, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await AttemptAsync(action);
        }
    }

    private static async Task TransferAsync(HubHarness hub)
    {
        while (!await AttemptAsync(() => hub.RunAsync("Transfer")))
        {
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static async Task<bool> AttemptAsync(Func<Task> action)
    {
        try
        {
            await action();

            // So that what is run in the background does not fill the storage.
            await Task.Delay(s_pause, TimeProvider.System, Cancellation);
            return true;
        }
        catch (Exception exception) when (exception is OwnershipLostException or ArgumentException or RequestFailedException or AggregateException)
        {
            // The hub was just taken over anew, the started instance was forgotten, or the storage was away for long.
            await Task.Yield();
            return false;
        }
    }

    /// <summary>Waits until nothing is under way, and checks that either side of every transfer has happened.</summary>
    /// <returns>How many have been made.</returns>
    private static async Task<int> ConsistentAsync(HubHarness hub)
    {
        int made = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                made = 0;
                bool ended = true;
                await foreach (OrchestrationMetadata transfer in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 1000)))
                {
                    Assert.NotEqual(OrchestrationRuntimeStatus.Failed, transfer.RuntimeStatus);
                    ended &= transfer.IsCompleted;
                    made++;
                }

                return ended;
            },
            Cancellation);
        Assert.Equal(
            (-made, made),
            ((await hub.StateAsync<Counter.Total>(s_from.ToString()))?.Value, (await hub.StateAsync<Counter.Total>(s_to.ToString()))?.Value));
        return made;
    }
}
