using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>
/// What keys and properties can hold.
/// Source: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
/// </summary>
[Trait("Category", "Emulator")]
public sealed class TableLimitsTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("plain")]
    [InlineData("it's 'quoted'")]
    [InlineData("''")]
    [InlineData("user@host:5,x;y")]
    [InlineData("100%")]
    [InlineData("%25 %2F")]
    [InlineData("a b+c&d=e")]
    [InlineData("(RowKey='x')")]
    [InlineData("{\"json\":[1]}")]
    [InlineData("grüße-日本語-😀")]
    [InlineData("~!$*._-|<>^`\"")]
    [InlineData("..")]
    [InlineData("")]
    public async Task Keys_OfAnyCharacters_WriteReadUpdateQueryAndDelete(string key)
    {
        await Table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 }, Cancel);
        await Table.UpdateEntityAsync(new TableEntity(key, key) { ["A"] = 2 }, Azure.ETag.All, TableUpdateMode.Merge, Cancel);
        await Table.UpsertEntityAsync(new TableEntity(key, key) { ["B"] = 3 }, TableUpdateMode.Merge, Cancel);

        var read = await ReadAsync(key, key);
        Assert.Equal((key, key, 2, 3), (read.PartitionKey, read.RowKey, read.GetInt32("A"), read.GetInt32("B")));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}");
        var found = await Table.QueryAsync<TableEntity>(filter, cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal(key, Assert.Single(found).RowKey);
        Assert.Equal(204, (await Table.DeleteEntityAsync(key, key, read.ETag, Cancel)).Status);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("it's 'quoted'")]
    [InlineData("user@host:5,x;y")]
    [InlineData("100% %25")]
    [InlineData("a b+c&d=e")]
    [InlineData("grüße-日本語-😀")]
    [InlineData("PUT DELETE POST")]
    public async Task Keys_OfAnyCharacters_WorkInTransactions(string key)
    {
        await Table.AddEntityAsync(new TableEntity(key, key + "1") { ["A"] = 1 }, Cancel);

        await Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key + "1") { ["A"] = 2 }, Azure.ETag.All),
                new(TableTransactionActionType.UpsertReplace, new TableEntity(key, key + "2") { ["A"] = 3 }),
                new(TableTransactionActionType.Add, new TableEntity(key, key + "3") { ["A"] = 4 }),
            ],
            Cancel);

        Assert.Equal(2, (await ReadAsync(key, key + "1")).GetInt32("A"));
        Assert.Equal(3, (await ReadAsync(key, key + "2")).GetInt32("A"));
        Assert.Equal(4, (await ReadAsync(key, key + "3")).GetInt32("A"));
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity(key, key + "1"))], Cancel);
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>(key, key + "1", cancellationToken: Cancel)).HasValue);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Property_Of64KiB_IsStored()
    {
        var text = new string('x', 32 * 1024);
        var bytes = Enumerable.Range(0, 64 * 1024).Select(number => (byte)number).ToArray();

        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = text, ["Bytes"] = bytes }, Cancel);

        var read = await ReadAsync("p", "r");
        Assert.Equal(text, read.GetString("Text"));
        Assert.Equal(bytes, read.GetBinary("Bytes"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Property_Over64KiB_IsRefused(bool isText)
    {
        object value = isText ? new string('x', (32 * 1024) + 1) : new byte[(64 * 1024) + 1];

        var failure = await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = value }, Cancel));

        Assert.Equal((400, "PropertyValueTooLarge"), failure);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("a\r\nb\tc\n")]
    [InlineData("\"quotes\" \\ and </tags>")]
    [InlineData("--changeset_x\r\nHTTP/1.1 200 OK\r\n")]
    [InlineData("日本語 😀 \u2028 \u0001")]
    [InlineData("")]
    public async Task Text_OfAnyCharacters_ComesBackAsItWas(string text)
    {
        await Table.AddEntityAsync(new TableEntity("p", "one") { ["S"] = text }, Cancel);
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "two") { ["S"] = text })], Cancel);

        Assert.Equal(text, (await ReadAsync("p", "one")).GetString("S"));
        Assert.Equal(text, (await ReadAsync("p", "two")).GetString("S"));
    }
}
