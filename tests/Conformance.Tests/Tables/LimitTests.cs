using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class LimitTests(ConformanceHost host) : TableTest(host)
{
    private const int KiB = 1024;

    [Conformance(Sources.DataModel + "#property-limitations", "A text of 32 Ki characters fits, one more is PropertyValueTooLarge.")]
    public async Task Text_Over64KiB_IsRefused()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["T"] = new string('x', 32 * KiB) }, Cancellation);

        Assert.Equal((400, "PropertyValueTooLarge"), await FailureOfAsync(() =>
            Table.AddEntityAsync(new TableEntity("p", "s") { ["T"] = new string('x', (32 * KiB) + 1) }, Cancellation)));
    }

    [Conformance(Sources.DataModel + "#property-types", "64 KiB of bytes fit, one more is PropertyValueTooLarge.")]
    public async Task Bytes_Over64KiB_AreRefused()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["T"] = new byte[64 * KiB] }, Cancellation);

        Assert.Equal((400, "PropertyValueTooLarge"), await FailureOfAsync(() =>
            Table.AddEntityAsync(new TableEntity("p", "s") { ["T"] = new byte[(64 * KiB) + 1] }, Cancellation)));
    }

    [Conformance(Sources.DataModel + "#property-limitations", "An entity of more than 1 MiB is refused.")]
    public async Task Entity_Over1MiB_IsRefused()
    {
        var entity = new TableEntity("p", "r");
        for (var index = 0; index < 17; index++)
        {
            entity[$"T{index}"] = new string('x', 32 * KiB);
        }

        Assert.Equal((400, "EntityTooLarge"), await FailureOfAsync(() => Table.AddEntityAsync(entity, Cancellation)));
    }

    [Conformance(Sources.DataModel + "#property-limitations", "252 properties besides the keys fit, one more is refused.")]
    public async Task Properties_Over252_AreRefused()
    {
        var entity = new TableEntity("p", "r");
        for (var index = 0; index < 252; index++)
        {
            entity[$"T{index}"] = index;
        }

        await Table.AddEntityAsync(entity, Cancellation);
        entity.RowKey = "s";
        entity["T252"] = 1;

        Assert.Equal((400, "TooManyProperties"), await FailureOfAsync(() => Table.AddEntityAsync(entity, Cancellation)));
    }

    [Conformance(Sources.DataModel + "#property-names", "A property's name of more than 255 characters is PropertyNameTooLong.")]
    public async Task PropertyName_Over255_IsRefused() => Assert.Equal((400, "PropertyNameTooLong"), await FailureOfAsync(() =>
        Table.AddEntityAsync(new TableEntity("p", "r") { [new string('x', 256)] = 1 }, Cancellation)));

    [Conformance(Sources.DataModel + "#characters-disallowed-in-key-fields", "Keys may hold quotes, spaces, signs and any script.")]
    public async Task Keys_OfOddCharacters_AreTaken()
    {
        foreach (var key in (string[])["it's", "a b+c&d=e", "100%", "grüße 日本語 😀", "{\"x\":[1]}"])
        {
            await Table.AddEntityAsync(new TableEntity("p", key) { ["A"] = 1 }, Cancellation);
            await Table.UpdateEntityAsync(new TableEntity("p", key) { ["A"] = 2 }, Azure.ETag.All, TableUpdateMode.Merge, Cancellation);
            Assert.Equal(2, (await ReadAsync(key)).GetInt32("A"));
        }
    }

    [Conformance(Sources.DataModel + "#characters-disallowed-in-key-fields", "Keys may not hold /, \\, # or ?.")]
    public async Task Keys_OfForbiddenCharacters_AreRefused()
    {
        foreach (var key in (string[])["a/b", "a\\b", "a#b", "a?b"])
        {
            Assert.Equal(400, (await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", key), Cancellation))).Status);
        }
    }

    [Conformance(Sources.DataModel + "#partitionkey-property", "Keys may be empty.")]
    public async Task Keys_Empty_AreTaken()
    {
        await Table.AddEntityAsync(new TableEntity(string.Empty, string.Empty) { ["A"] = 1 }, Cancellation);

        var read = (await Table.GetEntityAsync<TableEntity>(string.Empty, string.Empty, cancellationToken: Cancellation)).Value;
        Assert.Equal(1, read.GetInt32("A"));
    }

    [Conformance(Sources.DataModel + "#rowkey-property", "A key of more than 1 KiB is refused.")]
    public async Task Keys_Over1KiB_AreRefused()
    {
        await Table.AddEntityAsync(new TableEntity("p", new string('k', 512)), Cancellation);

        Assert.Equal(400, (await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", new string('k', 513)), Cancellation))).Status);
    }
}
