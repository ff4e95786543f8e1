using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>An entity class with a member of every kind.</summary>
public sealed class Order : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Text { get; set; }

    public int Count { get; set; }

    public int? Maybe { get; set; }

    public long Large { get; set; }

    public long? MaybeLarge { get; set; }

    public ulong Total { get; set; }

    public double Ratio { get; set; }

    public bool Flag { get; set; }

    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; } = DateTimeOffset.UnixEpoch;

    public DateTime? When { get; set; }

    public byte[]? Bytes { get; set; }

    public BinaryData? Data { get; set; }

    public DayOfWeek Day { get; set; }

    public DayOfWeek? MaybeDay { get; set; }

    [DataMember(Name = "stored_name")]
    public string? Renamed { get; set; }

    [IgnoreDataMember]
    public string? Ignored { get; set; }

    public int Computed => Count * 2;

    public string? InitOnly { get; init; }
}
