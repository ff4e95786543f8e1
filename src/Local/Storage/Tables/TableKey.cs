namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>Writes keys into addresses.</summary>
internal static class TableKey
{
    /// <summary>The path of one entity of a table, <c>…(PartitionKey='…',RowKey='…')</c>, escaped.</summary>
    public static string EntityPath(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    // A quote within an OData string is written twice.
    private static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
