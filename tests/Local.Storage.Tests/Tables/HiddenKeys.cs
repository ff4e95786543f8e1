using Azure;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>An entity class that implements the interface explicitly and keeps its keys in one property.</summary>
public sealed class HiddenKeys : ITableEntity
{
    string ITableEntity.PartitionKey { get; set; } = "";

    string ITableEntity.RowKey { get; set; } = "";

    DateTimeOffset? ITableEntity.Timestamp { get; set; }

    ETag ITableEntity.ETag { get; set; }

    public string? Text { get; set; }
}
