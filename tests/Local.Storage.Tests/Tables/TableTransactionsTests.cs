using Azure;
using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Source: https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions</summary>
[Trait("Category", "Emulator")]
public sealed class TableTransactionsTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_EveryKindOfAction_DoesAllAndAnswersEach()
    {
        await Table.AddEntityAsync(new TableEntity("p", "merged") { ["A"] = 1, ["B"] = 1 }, Cancel);
        await Table.AddEntityAsync(new TableEntity("p", "replaced") { ["A"] = 1, ["B"] = 1 }, Cancel);
        await Table.AddEntityAsync(new TableEntity("p", "deleted"), Cancel);
        var merged = await ReadAsync("p", "merged");

        var answers = (await Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity("p", "added") { ["A"] = 2 }),
                new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "merged") { ["A"] = 2 }, merged.ETag),
                new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "replaced") { ["A"] = 2 }, ETag.All),
                new(TableTransactionActionType.Delete, new TableEntity("p", "deleted")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "upserted1") { ["A"] = 2 }),
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "upserted2") { ["A"] = 2 }),
            ],
            Cancel)).Value;

        Assert.Equal([204, 204, 204, 204, 204, 204], answers.Select(answer => answer.Status));
        Assert.Equal((await ReadAsync("p", "merged")).ETag, answers[1].Headers.ETag);
        var rows = await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal(
            ["added 2 ", "merged 2 1", "replaced 2 ", "upserted1 2 ", "upserted2 2 "],
            rows.Select(row => $"{row.RowKey} {row.GetInt32("A")} {row.GetInt32("B")}"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    public async Task Submit_AddOfAnExistingEntity_NamesItsIndexAndDoesNothing(int index)
    {
        await Table.AddEntityAsync(new TableEntity("p", "exists"), Cancel);
        var actions = Enumerable.Range(0, 14)
            .Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", number == index ? "exists" : $"new{number}")));

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(actions, Cancel));

        Assert.Equal((409, "EntityAlreadyExists", index), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.StartsWith($"{index}:The specified entity already exists.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_StaleETag_IsPreconditionFailedAtItsIndex()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        var stale = (await ReadAsync("p", "r")).ETag;
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, TableUpdateMode.Merge, Cancel);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "other")),
                new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "r") { ["A"] = 3 }, stale),
            ],
            Cancel));

        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>("p", "other", cancellationToken: Cancel)).HasValue);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_DeleteOfNothing_IsNotFoundAtItsIndex()
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r")),
                new(TableTransactionActionType.Delete, new TableEntity("p", "none")),
            ],
            Cancel));

        Assert.Equal((404, "ResourceNotFound", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_HundredActions_IsOneRequest()
    {
        var actions = Enumerable.Range(0, 100)
            .Select(number => new TableTransactionAction(TableTransactionActionType.UpsertMerge, new TableEntity("p", $"{number}") { ["T"] = new string('x', 1000) }));

        var answers = (await Table.SubmitTransactionAsync(actions, Cancel)).Value;

        Assert.Equal(100, answers.Count);
        Assert.Equal(100, await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
    }

    /// <summary>The emulator would do it; the service does not.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_TwoPartitions_IsRefusedAsTheServiceDoes()
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity("p1", "r")),
                new(TableTransactionActionType.Add, new TableEntity("p2", "r")),
            ],
            Cancel));

        Assert.Equal(
            (400, "CommandsInBatchActOnDifferentPartitions", 1),
            (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Empty(await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_OneEntityTwice_IsRefused() =>
        Assert.Equal((400, "InvalidDuplicateRow"), await FailureOfAsync(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r")),
            ],
            Cancel)));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_MoreThanHundred_IsRefused() =>
        Assert.Equal((400, "InvalidInput"), await FailureOfAsync(() => Table.SubmitTransactionAsync(
            Enumerable.Range(0, 101).Select(number => new TableTransactionAction(TableTransactionActionType.UpsertMerge, new TableEntity("p", $"{number}"))),
            Cancel)));

    [Fact]
    public async Task Submit_Nothing_IsAnInvalidOperation() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Table.SubmitTransactionAsync([], Cancel));
}
