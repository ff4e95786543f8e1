using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Entities as classes of one's own.</summary>
[Trait("Category", "Emulator")]
public sealed class EntityClassesTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Order_WithEveryMemberSet_RoundTrips()
    {
        var order = new Order
        {
            PartitionKey = "p",
            RowKey = "r",
            Text = "text",
            Count = 1,
            Maybe = 2,
            Large = long.MaxValue,
            MaybeLarge = -1,
            Total = 7,
            Ratio = 5,
            Flag = true,
            Id = Guid.NewGuid(),
            At = DateTimeOffset.UnixEpoch.AddTicks(7),
            When = DateTime.UnixEpoch,
            Bytes = [1, 2],
            Data = BinaryData.FromBytes(new byte[] { 3, 4 }),
            Day = DayOfWeek.Friday,
            MaybeDay = DayOfWeek.Monday,
            Renamed = "renamed",
            InitOnly = "init",
        };

        await Table.AddEntityAsync(order, Cancel);
        var read = (await Table.GetEntityAsync<Order>("p", "r", cancellationToken: Cancel)).Value;

        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
        order.ETag = read.ETag;
        order.Timestamp = read.Timestamp;
        Assert.Equivalent(order, read, strict: true);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Order_WithNothingSet_ReadsDefaults()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Other"] = "not a member" }, Cancel);

        var read = (await Table.GetEntityAsync<Order>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal((null, 0, null, 0L), (read.Text, read.Count, read.Maybe, read.Large));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Members_AreStoredUnderTheirNamesAndTypes()
    {
        await Table.AddEntityAsync(
            new Order { PartitionKey = "p", RowKey = "r", Renamed = "x", Ignored = "y", Day = DayOfWeek.Friday, Count = 4, At = DateTimeOffset.UnixEpoch },
            Cancel);

        var read = await ReadAsync("p", "r");

        Assert.Equal(("x", "Friday", 8), (read.GetString("stored_name"), read.GetString("Day"), read.GetInt32("Computed")));
        Assert.False(read.ContainsKey("Renamed"));
        Assert.False(read.ContainsKey("Ignored"));
        Assert.False(read.ContainsKey("Maybe"));
        Assert.False(read.ContainsKey("ETag"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task ExplicitInterface_RoundTripsKeys()
    {
        ITableEntity keys = new HiddenKeys { Text = "t" };
        keys.PartitionKey = "p";
        keys.RowKey = "r";
        await Table.AddEntityAsync((HiddenKeys)keys, Cancel);

        ITableEntity read = (await Table.GetEntityAsync<HiddenKeys>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal(("p", "r", "t"), (read.PartitionKey, read.RowKey, ((HiddenKeys)read).Text));
        Assert.NotEqual(default, read.ETag);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_StoredTypeIsAnother_NamesTheProperty()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Count"] = "many" }, Cancel);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Table.GetEntityAsync<Order>("p", "r", cancellationToken: Cancel));

        Assert.Contains("'Count'", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_WithSelect_LeavesOthersAtTheirDefaults()
    {
        await Table.AddEntityAsync(new Order { PartitionKey = "p", RowKey = "r", Count = 1, Text = "t", At = DateTimeOffset.UnixEpoch }, Cancel);

        var read = (await Table.GetEntityAsync<Order>("p", "r", select: ["Count", "Maybe"], cancellationToken: Cancel)).Value;

        Assert.Equal((1, null, null), (read.Count, read.Text, read.Maybe));
    }
}
