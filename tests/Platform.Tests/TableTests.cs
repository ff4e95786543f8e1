using Azure;
using Azure.Data.Tables;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Tables: what becomes of writes that lose, and of batches.</summary>
/// <remarks>
/// Limits of Azure that Azurite does not keep, so no test can show them: a batch has at most 100 actions, of one partition, and 4 MiB; a row has
/// at most 1 MiB (measured: 101 actions, two partitions and a row of 1.1 MiB are all taken). Table storage, Insert Entity and performing entity group transactions.
/// </remarks>
public sealed class TableTests(PlatformFixture platform) : PlatformTest(platform)
{
    // Table storage, Update Entity: If-Match with an ETag that has passed is 412; Insert Entity of one that is there, 409; of one that is not there, 404.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_write_that_lost_is_refused()
    {
        var table = await CreateTableAsync();
        await table.AddEntityAsync(Row("row", "first"), Cancellation);
        var row = (await table.GetEntityAsync<TableEntity>("p", "row", cancellationToken: Cancellation)).Value;
        await table.UpdateEntityAsync(Row("row", "second"), row.ETag, TableUpdateMode.Replace, Cancellation);

        Assert.Equal(412, await RefusalAsync(() => table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation)));
        Assert.Equal(412, await RefusalAsync(() => table.DeleteEntityAsync("p", "row", row.ETag, Cancellation)));
        Assert.Equal(409, await RefusalAsync(() => table.AddEntityAsync(Row("row", "third"), Cancellation)));
        Assert.Equal(404, await RefusalAsync(() => table.UpdateEntityAsync(Row("none", "x"), ETag.All, TableUpdateMode.Replace, Cancellation)));
        Assert.Equal("second", (await table.GetEntityAsync<TableEntity>("p", "row", cancellationToken: Cancellation)).Value.GetString("Text"));
    }

    // Table storage, performing entity group transactions: all or nothing.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_batch_is_written_as_a_whole_or_not_at_all()
    {
        var table = await CreateTableAsync();
        await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(number => Add($"{number}")), Cancellation);

        var refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([Add("new"), Add("5")], Cancellation));

        Assert.Equal((409, 1), (refusal.Status, refusal.FailedTransactionActionIndex));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "new", cancellationToken: Cancellation)).HasValue);
    }

    // Table storage, understanding the data model: text has at most 64 KiB, in UTF-16.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_text_of_64_KiB_in_UTF_16_is_kept_and_a_longer_one_is_refused()
    {
        var table = await CreateTableAsync();

        await table.AddEntityAsync(Row("most", new string('x', 32 * 1024)), Cancellation);

        Assert.Equal(400, await RefusalAsync(() => table.AddEntityAsync(Row("more", new string('x', (32 * 1024) + 1)), Cancellation)));
    }

    private static TableEntity Row(string key, string text) => new("p", key) { ["Text"] = text };

    private static TableTransactionAction Add(string key) => new(TableTransactionActionType.Add, Row(key, "x"));

    private static async Task<int> RefusalAsync(Func<Task> write) => (await Assert.ThrowsAsync<RequestFailedException>(write)).Status;

    private async Task<TableClient> CreateTableAsync()
    {
        var table = Platform.Tables.GetTableClient($"t{PlatformFixture.NewId()}");
        await table.CreateAsync(Cancellation);
        return table;
    }
}
