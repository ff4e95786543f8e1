namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>Names that the table service gives a meaning to.</summary>
internal static class SystemProperties
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";
    public const string Timestamp = "Timestamp";
    public const string ETag = "ETag";
    public const string ODataETag = "odata.etag";
    public const string TypeSuffix = "@odata.type";
}
