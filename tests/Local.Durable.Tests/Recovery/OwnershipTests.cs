using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Ownership;
using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

[Trait("Category", "Emulator")]
public sealed class OwnershipTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SecondHub_WaitsWhileTheFirstLives_AndTakesOverWhenItStops()
    {
        await using HubHarness harness = new HubHarness(azurite).Entity<Counter>("Counter");
        await using TaskHub first = harness.NewHub(OwnerIdentity.Current);
        await using TaskHub second = harness.NewHub(OwnerIdentity.Current);
        await first.StartAsync(Cancellation);
        Task starting = second.StartAsync(Cancellation);
        await AddAsync(first);
        await Eventually.BecomesTrueAsync(
            () => harness.Logs.Entries.Any(entry => entry.Contains("waiting until it is given up", StringComparison.Ordinal)), Cancellation);
        Assert.False(starting.IsCompleted);

        await first.StopAsync(Cancellation);
        await starting;

        await AddAsync(second);
        await CountsAsync(second, 2);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HubOfADeadProcess_IsTakenOverAtOnce()
    {
        await using HubHarness harness = new HubHarness(azurite).Entity<Counter>("Counter");
        harness.Options.LeaseDuration = TimeSpan.FromMinutes(10);
        await using TaskHub first = harness.NewHub(OwnerIdentity.Current with { ProcessId = int.MaxValue });
        await first.StartAsync(Cancellation);
        await AddAsync(first);

        await using TaskHub second = harness.NewHub(OwnerIdentity.Current);
        await second.StartAsync(Cancellation);

        await CountsAsync(second, 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HubOfAnotherMachine_IsTakenOverWhenItsClaimHasRunOut()
    {
        await using HubHarness harness = new HubHarness(azurite).Entity<Counter>("Counter");
        await using TaskHub first = harness.NewHub(new OwnerIdentity("another", 1, "1"));
        await first.StartAsync(Cancellation);
        await AddAsync(first);
        await first.DisposeAsync();

        await using TaskHub second = harness.NewHub(OwnerIdentity.Current);
        await second.StartAsync(Cancellation);

        await CountsAsync(second, 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task FormerOwner_ThatWasTakenForDead_CannotCommit()
    {
        await using HubHarness harness = new HubHarness(azurite).Entity<Counter>("Counter");
        await using TaskHub stale = harness.NewHub(OwnerIdentity.Current with { ProcessId = int.MaxValue });
        await stale.StartAsync(Cancellation);
        await AddAsync(stale);
        await using TaskHub owner = harness.NewHub(OwnerIdentity.Current);
        await owner.StartAsync(Cancellation);

        // Its claim is gone but it does not know; whatever it tries to commit, it learns.
        await Assert.ThrowsAsync<OwnershipLostException>(() => AddAsync(stale));

        await AddAsync(owner);
        await CountsAsync(owner, 2);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HubThatLostItsTables_ClaimsThemAgain()
    {
        await using HubHarness harness = await new HubHarness(azurite).Entity<Counter>("Counter").StartAsync();
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient(harness.Options.HubName + "Durable");
        await table.DeleteEntityAsync("~~log", "000000", cancellationToken: Cancellation);
        await table.DeleteEntityAsync("~~log", "000001", cancellationToken: Cancellation);
        TableEntity stolen = await table.GetEntityAsync<TableEntity>("~~hub", "owner", cancellationToken: Cancellation);
        stolen["OwnerId"] = "thief";
        stolen["ExpiresAt"] = DateTimeOffset.UnixEpoch;
        await table.UpsertEntityAsync(stolen, TableUpdateMode.Replace, Cancellation);

        await Eventually.BecomesTrueAsync(
            () => harness.Logs.Entries.Count(entry => entry.Contains("now owns", StringComparison.Ordinal)) == 2, Cancellation);

        await harness.SignalAsync("@counter@k", "Add", 1);
        await Eventually.BecomesTrueAsync(async () => (await harness.StateAsync<Counter.Total>("@counter@k"))?.Value == 1, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HubOfALaterFormat_IsRefused()
    {
        await using HubHarness harness = await new HubHarness(azurite).StartAsync();
        await harness.StopAsync();
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient(harness.Options.HubName + "Durable");
        TableEntity row = new("~~hub", "owner") { ["Format"] = 3 };
        await table.UpsertEntityAsync(row, TableUpdateMode.Merge, Cancellation);

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => harness.StartAsync());

        Assert.Contains("format 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Identity_OfThisProcess_IsAlive_AndOfAnEarlierOneOfItsIdIsNot()
    {
        Assert.False(OwnerIdentity.Current.IsDead);
        Assert.True((OwnerIdentity.Current with { ProcessStart = "1" }).IsDead);
        Assert.False((OwnerIdentity.Current with { Machine = "another", ProcessStart = "1" }).IsDead);
    }

    private static Task AddAsync(TaskHub hub) =>
        hub.Client.Entities.SignalEntityAsync(new EntityInstanceId("Counter", "k"), "Add", 1, null, Cancellation);

    private static Task CountsAsync(TaskHub hub, int expected) => Eventually.BecomesTrueAsync(
        async () => (await hub.Client.Entities.GetEntityAsync<Counter.Total>(new EntityInstanceId("Counter", "k"), true, Cancellation))
            is { IncludesState: true } counter && counter.State.Value == expected,
        Cancellation);
}
