using System.Globalization;
using System.Linq.Expressions;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>
/// Filters as text. The forms are those that the real package documents and tests:
/// https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/tables/Azure.Data.Tables
/// </summary>
public sealed class FilterTests
{
    private static readonly Guid s_id = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly DateTimeOffset s_time = DateTimeOffset.Parse("2026-01-02T03:04:05.678Z", CultureInfo.InvariantCulture);

    public static TheoryData<string?, Expression<Func<Order, bool>>> Conditions
    {
        get
        {
            var captured = "o'clock";
            var holder = new { Inner = new { Limit = 7L } };
            return new()
            {
                { "(PartitionKey eq 'p') and (RowKey ne 'r')", order => order.PartitionKey == "p" && order.RowKey != "r" },
                { "(PartitionKey eq 'p') or (RowKey eq 'r')", order => order.PartitionKey == "p" || order.RowKey == "r" },
                { "RowKey gt 'r'", order => order.RowKey.CompareTo("r") > 0 },
                { "RowKey le 'r'", order => string.Compare(order.RowKey, "r") <= 0 },
                { "RowKey eq 'r'", order => order.RowKey.Equals("r") },
                { "RowKey eq 'r'", order => string.Equals(order.RowKey, "r") },
                { "not (RowKey eq 'r')", order => !(order.RowKey == "r") },
                { "Text eq 'o''clock'", order => order.Text == captured },
                { "Large ge 7L", order => order.Large >= holder.Inner.Limit },
                { "Count lt 10", order => order.Count < 10 },
                { "Maybe eq 3", order => order.Maybe == 3 },
                { "Maybe ge 3", order => order.Maybe!.Value >= 3 },
                { "Ratio ge 10.1", order => order.Ratio >= 10.1 },
                { "Flag eq true", order => order.Flag },
                { "Flag eq false", order => order.Flag == false },
                { "not (Flag eq true)", order => !order.Flag },
                { "Id eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'", order => order.Id == s_id },
                { "At ge datetime'2026-01-02T03:04:05.678Z'", order => order.At >= s_time },
                { "At lt datetime'2026-01-03T03:04:05.678Z'", order => order.At < s_time.AddDays(1) },
                { "At gt datetime'2020-01-01T00:00:00Z'", order => order.At > new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) },
                { "stored_name eq 'x'", order => order.Renamed == "x" },
                { "(((Text eq 'a') and (Large ge 1L)) and (Count ge 2)) and (Flag eq true)", order => order.Text == "a" && order.Large >= 1 && order.Count >= 2 && order.Flag },
                { null, order => true },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Conditions), DisableDiscoveryEnumeration = true)]
    public void CreateQueryFilter_Condition_IsOData(string? expected, Expression<Func<Order, bool>> condition) =>
        Assert.Equal(expected, TableClient.CreateQueryFilter(condition));

    [Fact]
    public void CreateQueryFilter_DictionaryEntity_ReadsPropertiesByName()
    {
        Assert.Equal("A gt 1", TableClient.CreateQueryFilter<TableEntity>(entity => entity.GetInt32("A") > 1));
        Assert.Equal("S eq 'x'", TableClient.CreateQueryFilter<TableEntity>(entity => entity.GetString("S") == "x"));
        Assert.Equal("S eq 'x'", TableClient.CreateQueryFilter<TableEntity>(entity => (string)entity["S"] == "x"));
        Assert.Equal("B eq true", TableClient.CreateQueryFilter<TableEntity>(entity => entity.GetBoolean("B") == true));
    }

    [Fact]
    public void CreateQueryFilter_WhatTheServiceCannotDo_IsNotSupported()
    {
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => order.RowKey.StartsWith("xy")));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => order.RowKey.Length > 3));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => order.Count + 1 > 3));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => order.Day == DayOfWeek.Friday));
    }

    /// <summary>As the real package from 12.10 on.</summary>
    [Fact]
    public void CreateQueryFilter_StringComparison_IsNotSupported()
    {
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => order.RowKey.Equals("x", StringComparison.OrdinalIgnoreCase)));
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter<Order>(order => string.Compare(order.RowKey, "x", StringComparison.Ordinal) > 0));
    }

    [Fact]
    public void CreateQueryFilter_Interpolated_QuotesAndEscapes()
    {
        Assert.Equal("S eq 'o''clock'", TableClient.CreateQueryFilter($"S eq {"o'clock"}"));
        Assert.Equal("I eq 1 and L eq 2L", TableClient.CreateQueryFilter($"I eq {1} and L eq {2L}"));
        Assert.Equal("D eq 1.5 and B eq true", TableClient.CreateQueryFilter($"D eq {1.5} and B eq {true}"));
        Assert.Equal("G eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'", TableClient.CreateQueryFilter($"G eq {s_id}"));
        Assert.Equal("T eq datetime'2026-01-02T03:04:05.678Z'", TableClient.CreateQueryFilter($"T eq {s_time.ToOffset(TimeSpan.FromHours(3))}"));
        Assert.Equal("X eq X'00FF'", TableClient.CreateQueryFilter($"X eq {new byte[] { 0, 255 }}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"X eq {new object()}"));
    }
}
