using System.Globalization;
using Azure;
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
        await Table.UpdateEntityAsync(new TableEntity(key, key) { ["A"] = 2 }, ETag.All, TableUpdateMode.Merge, Cancel);
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
                new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key + "1") { ["A"] = 2 }, ETag.All),
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

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    public async Task Key_WithACharacterThatNoneMayHave_IsRefused(string key)
    {
        Assert.Equal((400, "OutOfRangeInput"), await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", key), Cancel)));
        Assert.Equal((400, "OutOfRangeInput"), await FailureOfAsync(() => Table.UpsertEntityAsync(new TableEntity(key, "r"), TableUpdateMode.Merge, Cancel)));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(512, null)]
    [InlineData(513, "KeyValueTooLarge")]
    public async Task Key_MayHave1KiB(int length, string? refusal) =>
        Assert.Equal(refusal, await RefusalOfAsync(new TableEntity("p", new string('k', length))));

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(252, null)]
    [InlineData(253, "TooManyProperties")]
    public async Task Entity_MayHave252Properties(int count, string? refusal)
    {
        var entity = new TableEntity("p", "r");
        for (var index = 0; index < count; index++)
        {
            entity[$"P{index}"] = index;
        }

        entity["Nothing"] = null;
        Assert.Equal(refusal, await RefusalOfAsync(entity));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("Name", null)]
    [InlineData("_name1", null)]
    [InlineData("jméno", null)]
    [InlineData("a-b", "PropertyNameInvalid")]
    [InlineData("a b", "PropertyNameInvalid")]
    [InlineData("a.b", "PropertyNameInvalid")]
    [InlineData("1a", "PropertyNameInvalid")]
    public async Task PropertyName_IsAnIdentifier(string name, string? refusal) =>
        Assert.Equal(refusal, await RefusalOfAsync(new TableEntity("p", "r") { [name] = 1 }));

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(255, null)]
    [InlineData(256, "PropertyNameTooLong")]
    public async Task PropertyName_MayHave255Characters(int length, string? refusal) =>
        Assert.Equal(refusal, await RefusalOfAsync(new TableEntity("p", "r") { [new string('n', length)] = 1 }));

    /// <summary>A string has two bytes a character, so that 16 of the longest fill an entity.</summary>
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(15, null)]
    [InlineData(16, "EntityTooLarge")]
    public async Task Entity_MayHave1MiB(int strings, string? refusal)
    {
        var entity = new TableEntity("p", "r");
        for (var index = 0; index < strings; index++)
        {
            entity[$"P{index}"] = new string('x', 32 * 1024);
        }

        Assert.Equal(refusal, await RefusalOfAsync(entity));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("1601-01-01T00:00:00Z", null)]
    [InlineData("1600-12-31T23:59:59Z", "OutOfRangeInput")]
    [InlineData("9999-12-31T23:59:59Z", null)]
    public async Task Time_Before1601_IsRefused(string time, string? refusal) =>
        Assert.Equal(refusal, await RefusalOfAsync(new TableEntity("p", "r") { ["T"] = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) }));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Transaction_WithAnEntityBeyondALimit_NamesItsIndexAndDoesNothing()
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity("p", "good")),
                new(TableTransactionActionType.Add, new TableEntity("p", "bad") { ["a-b"] = 1 }),
            ],
            Cancel));

        Assert.Equal((400, "PropertyNameInvalid", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.StartsWith("1:", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Transaction_Over4MiB_IsRefused() =>
        Assert.Equal((413, "RequestBodyTooLarge"), await FailureOfAsync(() => Table.SubmitTransactionAsync(
            Enumerable.Range(0, 80).Select(number => new TableTransactionAction(
                TableTransactionActionType.UpsertMerge, new TableEntity("p", $"{number}") { ["T"] = new byte[48 * 1024] })),
            Cancel)));

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a-bc")]
    [InlineData("a_bc")]
    [InlineData("tables")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890abcd")]
    public async Task TableName_ThatIsNone_IsRefused(string name) =>
        Assert.Equal(400, (await FailureOfAsync(() => Service.CreateTableAsync(name, Cancel))).Status);

    private async Task<string?> RefusalOfAsync(TableEntity entity)
    {
        try
        {
            await Table.AddEntityAsync(entity, Cancel);
            return null;
        }
        catch (RequestFailedException refusal)
        {
            Assert.Equal(400, refusal.Status);
            return refusal.ErrorCode;
        }
    }
}
