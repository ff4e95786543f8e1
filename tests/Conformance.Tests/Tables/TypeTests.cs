using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class TypeTests(ConformanceHost host) : TableTest(host)
{
    [Conformance(Sources.DataModel + "#property-types", "Each property comes back in the type in which it was written.")]
    public async Task Properties_OfAllTypes_ComeBackInTheirTypes()
    {
        var id = Guid.NewGuid();
        var time = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);
        await Table.AddEntityAsync(
            new TableEntity("p", "r")
            {
                ["Int32"] = int.MinValue,
                ["Int64"] = long.MaxValue,
                ["Double"] = 0.1,
                ["Boolean"] = true,
                ["Text"] = "ä 😀",
                ["Time"] = time,
                ["Guid"] = id,
                ["Bytes"] = new byte[] { 0, 255 },
            },
            Cancellation);

        var read = await ReadAsync("r");
        Assert.Equal((int.MinValue, long.MaxValue, 0.1, true), (read.GetInt32("Int32"), read.GetInt64("Int64"), read.GetDouble("Double"), read.GetBoolean("Boolean")));
        Assert.Equal(("ä 😀", time, id), (read.GetString("Text"), read.GetDateTimeOffset("Time"), read.GetGuid("Guid")));
        Assert.Equal((byte[])[0, 255], read.GetBinary("Bytes"));
        Assert.Equal((byte[])[0, 255], read.GetBinaryData("Bytes").ToArray());
    }

    [Conformance(Sources.DataModel + "#property-types", "Doubles that are whole, infinite or not numbers stay doubles.")]
    public async Task Doubles_OfSpecialValues_StayDoubles()
    {
        await Table.AddEntityAsync(
            new TableEntity("p", "r") { ["Whole"] = 3.0, ["NaN"] = double.NaN, ["Infinity"] = double.NegativeInfinity }, Cancellation);

        var read = await ReadAsync("r");
        Assert.Equal((3.0, double.NaN, double.NegativeInfinity), (read.GetDouble("Whole"), read.GetDouble("NaN"), read.GetDouble("Infinity")));
    }

    [Conformance(Sources.DataModel + "#property-types", "A time is kept in UTC, whatever offset it was written with.")]
    public async Task Time_WithAnOffset_ComesBackInUtc()
    {
        var time = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(5));
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["T"] = time }, Cancellation);

        var read = (await ReadAsync("r")).GetDateTimeOffset("T");
        Assert.Equal((time, TimeSpan.Zero), (read, read!.Value.Offset));
    }

    [Conformance(Sources.DataModel, "A property without a value is not stored.")]
    public async Task Property_OfNull_IsNotStored()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = null, ["B"] = 1 }, Cancellation);

        var read = await ReadAsync("r");
        Assert.False(read.ContainsKey("A"));
        Assert.Null(read.GetInt32("A"));
    }

    [Conformance(Sources.DataModel, "An empty string is a value.")]
    public async Task Property_OfAnEmptyText_IsStored()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = string.Empty }, Cancellation);

        Assert.Equal(string.Empty, (await ReadAsync("r")).GetString("A"));
    }

    [Conformance(Sources.TableEntityClass, "Reading a property as another type throws, and does not convert.")]
    public void Getter_OfAnotherType_Throws()
    {
        var entity = new TableEntity("p", "r") { ["A"] = 1 };

        Assert.Throws<InvalidOperationException>(() => entity.GetString("A"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt64("A"));
    }

    [Conformance(Sources.TableReadme + "#add-table-entities", "An entity may be a class of the app; its members are properties.")]
    public async Task Class_WrittenAndRead_KeepsItsMembers()
    {
        var written = new Item { PartitionKey = "p", RowKey = "r", Count = 3, Total = 5_000_000_000, Seen = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero), Kind = ItemKind.Large };
        await Table.AddEntityAsync(written, Cancellation);

        Item read = await Table.GetEntityAsync<Item>("p", "r", cancellationToken: Cancellation);
        Assert.Equal((3, 5_000_000_000, written.Seen, ItemKind.Large), (read.Count, read.Total, read.Seen, read.Kind));
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
    }

    [Conformance(Sources.TableReadme + "#ignoring-and-renaming-model-properties-on-serialization", "A class may leave members out and rename them, by attributes.")]
    public async Task Class_WithAttributes_LeavesOutAndRenames()
    {
        await Table.AddEntityAsync(new Item { PartitionKey = "p", RowKey = "r", Hidden = "x", Renamed = "y" }, Cancellation);

        var read = await ReadAsync("r");
        Assert.False(read.ContainsKey("Hidden"));
        Assert.False(read.ContainsKey("Renamed"));
        Assert.Equal("y", read.GetString("new_name"));
    }

    private enum ItemKind
    {
        Small,
        Large,
    }

    private sealed class Item : ITableEntity
    {
        public string PartitionKey { get; set; } = string.Empty;

        public string RowKey { get; set; } = string.Empty;

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Count { get; set; }

        public long Total { get; set; }

        public DateTimeOffset? Seen { get; set; }

        public ItemKind Kind { get; set; }

        [IgnoreDataMember]
        public string? Hidden { get; set; }

        [DataMember(Name = "new_name")]
        public string? Renamed { get; set; }
    }
}
