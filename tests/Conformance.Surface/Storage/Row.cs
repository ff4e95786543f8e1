using Azure;
using Azure.Data.Tables;

namespace FunctionsBroker.Conformance.Surface.Storage;

public sealed class Row : ITableEntity
{
    public string PartitionKey { get; set; } = string.Empty;

    public string RowKey { get; set; } = string.Empty;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Number { get; set; }
}
