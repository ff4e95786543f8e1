#nullable disable annotations // As the published package's: its members are oblivious.

namespace Azure.Data.Tables;

/// <summary>What every entity of a table has.</summary>
public interface ITableEntity
{
    /// <summary>First half of the entity's key.</summary>
    string PartitionKey { get; set; }

    /// <summary>Second half of the entity's key.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity; ignored in writes.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The entity's version; ignored in the body of writes.</summary>
    ETag ETag { get; set; }
}
