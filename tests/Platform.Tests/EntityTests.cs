using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Platform.Tests;

/// <summary>The entity <c>Journal</c> of the app: order, delay, failures, and what is left of one without state.</summary>
public sealed class EntityTests(PlatformFixture platform) : PlatformTest(platform)
{
    private const int ManySignals = 50;

    private static IEnumerable<string> Numbers => Enumerable.Range(1, ManySignals).Select(number => $"{number}");

    // Durable entities: signals of one orchestration or entity to another come in order.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Signals_of_an_orchestration_come_in_order()
    {
        var key = PlatformFixture.NewId();

        await StartAsync("WriteJournal", new { Key = key, Count = ManySignals });

        await WaitForLinesAsync(key, ManySignals);
        Assert.Equal(Numbers, await LinesAsync(key));
    }

    // Measured, and only while one host goes on: it reads its queue in order. See RecoveryTests for one that is killed.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Signals_of_a_client_that_awaits_each_come_in_order()
    {
        var key = PlatformFixture.NewId();

        foreach (var number in Numbers)
        {
            await SignalAsync(key, "Add", number);
        }

        await WaitForLinesAsync(key, ManySignals);
        Assert.Equal(Numbers, await LinesAsync(key));
    }

    // Durable entities, SignalEntityOptions.SignalTime. How early one may be is measured: some 90 ms; held to be a second, as timers.
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signal_for_later_comes_then(bool byItself)
    {
        var key = PlatformFixture.NewId();
        var due = TimeProvider.System.GetUtcNow().AddSeconds(4);
        if (byItself)
        {
            await SignalAsync(key, "AddLater", new { Line = "later", At = due });
        }
        else
        {
            await SignalAsync(key, "Add", "later", new SignalEntityOptions { SignalTime = due });
        }

        await WaitForLinesAsync(key, 1);

        var entity = await Durable.Entities.GetEntityAsync(JournalOf(key), Cancellation);
        Assert.True(entity!.LastModifiedTime > due.AddSeconds(-1), $"{entity.LastModifiedTime:O} comes before {due:O}");
    }

    // Durable entities: an exception rolls back what its operation did, and the next operation goes on.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_operation_that_fails_leaves_nothing_and_stops_nothing()
    {
        var key = PlatformFixture.NewId();

        await SignalAsync(key, "Add", "before");
        await SignalAsync(key, "Break", "failed");
        await SignalAsync(key, "NoSuchOperation", "failed");
        await SignalAsync(key, "Add", "after");

        await WaitForLinesAsync(key, 2);
        Assert.Equal(["before", "after"], await LinesAsync(key));
    }

    // Durable entities: one is deleted by setting its state to null, or by its implicit operation "delete". The listing is measured.
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("Forget")]
    [InlineData("delete")]
    public async Task An_entity_without_state_is_not_found_but_listed_as_transient_and_begins_again(string operation)
    {
        var key = PlatformFixture.NewId();
        await SignalAsync(key, "Add", "before");
        await WaitForLinesAsync(key, 1);

        await SignalAsync(key, operation);

        await Eventually.BecomesTrueAsync(async () => await Durable.Entities.GetEntityAsync(JournalOf(key), Cancellation) is null, Cancellation);
        Assert.Equal(0, await CountAsync(key, includeTransient: false));
        Assert.Equal(1, await CountAsync(key, includeTransient: true));
        await SignalAsync(key, "Add", "after");
        await WaitForLinesAsync(key, 1);
        Assert.Equal(["after"], await LinesAsync(key));
    }

    private async Task<int> CountAsync(string key, bool includeTransient)
    {
        var query = new EntityQuery { InstanceIdStartsWith = $"@journal@{key}", IncludeTransient = includeTransient };
        return await Durable.Entities.GetAllEntitiesAsync(query).CountAsync(Cancellation);
    }
}
