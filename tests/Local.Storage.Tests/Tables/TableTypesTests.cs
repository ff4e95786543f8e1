using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Values come back with the type and to the last digit as they were written.</summary>
[Trait("Category", "Emulator")]
public sealed class TableTypesTests(AzuriteFixture azurite) : TableTest(azurite)
{
    public static TheoryData<object> Values =>
    [
        0, int.MinValue, int.MaxValue,
        0L, 5L, long.MinValue, long.MaxValue,
        0d, 5d, -1.5, Math.PI, 1e300, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        true, false,
        Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), Guid.Empty,
        "", "text", "12345", "true", "2020-01-01T00:00:00Z",
        DateTimeOffset.UnixEpoch, new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero).AddTicks(1234567),
    ];

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task Value_WrittenAlone_RoundTripsExactly(object value)
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["V"] = value }, TableUpdateMode.Replace, Cancel);

        Assert.Equal(value, (await ReadAsync("p", "r"))["V"]);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task Value_WrittenInTransaction_RoundTripsExactly(object value)
    {
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r") { ["V"] = value })], Cancel);

        Assert.Equal(value, (await ReadAsync("p", "r"))["V"]);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Binary_AsBytesOrData_ComesBackAsBytes()
    {
        byte[] bytes = [0, 1, 2, 254, 255];

        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Bytes"] = bytes, ["Data"] = BinaryData.FromBytes(bytes), ["None"] = Array.Empty<byte>() }, Cancel);

        var read = await ReadAsync("p", "r");
        Assert.Equal(bytes, Assert.IsType<byte[]>(read["Bytes"]));
        Assert.Equal(bytes, read.GetBinary("Data"));
        Assert.Equal(bytes, read.GetBinaryData("Data").ToArray());
        Assert.Empty(read.GetBinary("None"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Time_WithOffset_ComesBackAsTheSameInstantInUtc()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(5));

        await Table.AddEntityAsync(new TableEntity("p", "r") { ["T"] = time, ["D"] = time.UtcDateTime }, Cancel);

        var read = await ReadAsync("p", "r");
        Assert.Equal((time.UtcDateTime, TimeSpan.Zero), (read.GetDateTimeOffset("T")?.DateTime, read.GetDateTimeOffset("T")?.Offset));
        Assert.Equal((time.UtcDateTime, DateTimeKind.Utc), (read.GetDateTime("D"), read.GetDateTime("D")?.Kind));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Null_Property_IsNotStored()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["N"] = null, ["A"] = 1 }, Cancel);

        Assert.False((await ReadAsync("p", "r")).ContainsKey("N"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task UInt64_IsStoredAsInt64()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["U"] = 7UL }, Cancel);

        Assert.Equal(7L, (await ReadAsync("p", "r"))["U"]);
    }

    [Fact]
    public async Task Enum_InADictionaryEntity_IsRefused() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => Table.AddEntityAsync(new TableEntity("p", "r") { ["E"] = DayOfWeek.Friday }, Cancel));

    [Fact]
    public async Task Value_OfATypeTheServiceLacks_IsRefused() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => Table.AddEntityAsync(new TableEntity("p", "r") { ["X"] = new Version(1, 2) }, Cancel));
}
