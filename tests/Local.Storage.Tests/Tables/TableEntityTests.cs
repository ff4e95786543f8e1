using Azure;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>The dictionary entity by itself.</summary>
public sealed class TableEntityTests
{
    [Fact]
    public void Keys_AreProperties()
    {
        var entity = new TableEntity("p", "r") { ETag = new ETag("W/\"x\"") };

        Assert.Equal(["PartitionKey", "RowKey", "odata.etag"], entity.Keys);
        Assert.Equal(("p", "r", "W/\"x\""), (entity["PartitionKey"], entity["RowKey"], entity["odata.etag"]));
        Assert.Equal(new ETag("W/\"x\""), entity.ETag);
    }

    [Fact]
    public void Getters_OfMissingProperties_GiveNull()
    {
        var entity = new TableEntity();

        Assert.Null(entity.GetString("x"));
        Assert.Null(entity.GetInt32("x"));
        Assert.Null(entity.GetBinary("x"));
        Assert.Null(entity["x"]);
        Assert.Equal(default, entity.ETag);
        Assert.Null(entity.Timestamp);
    }

    [Fact]
    public void Getters_OfAnotherType_AreRefused()
    {
        var entity = new TableEntity { ["S"] = "text", ["I"] = 1 };

        Assert.Throws<InvalidOperationException>(() => entity.GetInt32("S"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt64("I"));
        Assert.Throws<InvalidOperationException>(() => entity.GetString("I"));
        Assert.Throws<InvalidOperationException>(() => entity.GetBinary("S"));
        Assert.Throws<InvalidOperationException>(() => entity.GetDateTime("S"));
    }

    [Fact]
    public void Setter_OfANumber_KeepsTheWiderType()
    {
        var entity = new TableEntity { ["L"] = 1L, ["D"] = 1d, ["I"] = 1 };

        entity["L"] = 2;
        entity["D"] = 2;
        entity["I"] = 2L;

        Assert.Equal((2L, 2d, 2L), (entity["L"], entity["D"], entity["I"]));
    }

    [Fact]
    public void Setter_OfAnotherType_IsRefused()
    {
        var entity = new TableEntity { ["S"] = "text" };

        Assert.Throws<InvalidOperationException>(() => entity["S"] = 1);
        entity["S"] = null;
        entity["S"] = 1;
        Assert.Equal(1, entity["S"]);
    }

    [Fact]
    public void Copy_OfADictionary_IsItsOwn()
    {
        var values = new Dictionary<string, object> { ["A"] = 1 };
        var entity = new TableEntity(values);

        values["A"] = 2;

        Assert.Equal(1, entity.GetInt32("A"));
        Assert.True(entity.Remove("A"));
        Assert.False(entity.TryGetValue("A", out _));
        Assert.Empty(entity);
    }
}
