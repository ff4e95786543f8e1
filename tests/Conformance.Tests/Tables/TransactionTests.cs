using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class TransactionTests(ConformanceHost host) : TableTest(host)
{
    [Conformance(Sources.Transactions, "A transaction may hold every kind of change; it answers each with its status and ETag.")]
    public async Task Transaction_OfEveryKind_DoesAll()
    {
        foreach (var key in (string[])["merged", "replaced", "deleted"])
        {
            await Table.AddEntityAsync(new TableEntity("p", key) { ["A"] = 1, ["B"] = 1 }, Cancellation);
        }

        var answers = (await Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Entity("added")),
                new(TableTransactionActionType.UpdateMerge, Entity("merged"), ETag.All),
                new(TableTransactionActionType.UpdateReplace, Entity("replaced"), ETag.All),
                new(TableTransactionActionType.Delete, Entity("deleted")),
                new(TableTransactionActionType.UpsertMerge, Entity("upserted")),
                new(TableTransactionActionType.UpsertReplace, Entity("upserted2")),
            ],
            Cancellation)).Value;

        Assert.All(answers, answer => Assert.Equal(204, answer.Status));
        Assert.Equal((await ReadAsync("merged")).ETag, answers[1].Headers.ETag);
        Assert.Equal(
            ["added 2 ", "merged 2 1", "replaced 2 ", "upserted 2 ", "upserted2 2 "],
            (await QueryAsync()).Select(row => $"{row.RowKey} {row.GetInt32("A")} {row.GetInt32("B")}"));
    }

    [Conformance(Sources.Transactions + "#response", "A transaction with one change that fails does nothing, and names the change.")]
    public async Task Transaction_WithOneFailure_DoesNothing()
    {
        await Table.AddEntityAsync(Entity("exists"), Cancellation);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, Entity("new")),
                new(TableTransactionActionType.UpsertReplace, Entity("other")),
                new(TableTransactionActionType.Add, Entity("exists")),
            ],
            Cancellation));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Equal("exists", Assert.Single(await QueryAsync()).RowKey);
    }

    [Conformance(Sources.Transactions, "A change with an older ETag fails the whole transaction with 412.")]
    public async Task Transaction_WithAnOldETag_DoesNothing()
    {
        await Table.AddEntityAsync(Entity("r"), Cancellation);
        var old = (await ReadAsync("r")).ETag;
        await Table.UpsertEntityAsync(Entity("r"), TableUpdateMode.Replace, Cancellation);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Entity("new")), new(TableTransactionActionType.UpdateReplace, Entity("r"), old)], Cancellation));

        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Single(await QueryAsync());
    }

    [Conformance(Sources.Transactions + "#requirements-for-entity-group-transactions", "A transaction holds up to 100 changes.")]
    public async Task Transaction_OfAHundred_IsTaken()
    {
        await Table.SubmitTransactionAsync(Additions(100), Cancellation);

        Assert.Equal(100, (await QueryAsync()).Length);
    }

    [Conformance(Sources.Transactions + "#requirements-for-entity-group-transactions", "A transaction of more than 100 changes is refused.")]
    public async Task Transaction_OfMoreThanAHundred_IsRefused()
    {
        Assert.Equal(400, (await FailureOfAsync(() => Table.SubmitTransactionAsync(Additions(101), Cancellation))).Status);
        Assert.Empty(await QueryAsync());
    }

    [Conformance(Sources.TableErrors, "All changes of a transaction must be in one partition.")]
    public async Task Transaction_OverTwoPartitions_IsRefused()
    {
        var failure = await FailureOfAsync(() => Table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p1", "r")), new(TableTransactionActionType.Add, new TableEntity("p2", "r"))], Cancellation));

        Assert.Equal((400, "CommandsInBatchActOnDifferentPartitions"), failure);
    }

    [Conformance(Sources.TableErrors + "#InvalidDuplicateRow", "An entity may be in a transaction only once.")]
    public async Task Transaction_WithAnEntityTwice_IsRefused() => Assert.Equal((400, "InvalidDuplicateRow"), await FailureOfAsync(() =>
        Table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertMerge, Entity("r")), new(TableTransactionActionType.UpsertReplace, Entity("r"))], Cancellation)));

    [Conformance(Sources.Transactions + "#response", "An entity that is too large fails its transaction, and is named.")]
    public async Task Transaction_WithATooLargeEntity_IsRefusedAtItsIndex()
    {
        var large = Entity("large");
        large[new string('x', 256)] = 1;

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, Entity("small")), new(TableTransactionActionType.Add, large)], Cancellation));

        Assert.Equal((400, "PropertyNameTooLong", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Empty(await QueryAsync());
    }

    private static TableEntity Entity(string key) => new("p", key) { ["A"] = 2 };

    private static IEnumerable<TableTransactionAction> Additions(int count) =>
        Enumerable.Range(0, count).Select(number => new TableTransactionAction(TableTransactionActionType.Add, Entity($"{number:d3}")));
}
