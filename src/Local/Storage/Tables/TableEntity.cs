#nullable disable annotations // As the published package's: its members are oblivious.

using FunctionsBroker.Local.Storage.Tables;

namespace Azure.Data.Tables;

/// <summary>
/// An entity as a dictionary of properties. One that was read also holds its ETag under <c>odata.etag</c>, and the keys
/// and the timestamp as ordinary properties; order is that of the service's answer.
/// </summary>
public sealed partial class TableEntity : ITableEntity
{
    private readonly Dictionary<string, object> _properties;

    public TableEntity()
        : this(null)
    {
    }

    public TableEntity(string partitionKey, string rowKey)
        : this(null)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values) => _properties = values is null ? [] : new(values);

    public string PartitionKey
    {
        get => GetString(SystemProperties.PartitionKey);
        set => _properties[SystemProperties.PartitionKey] = value;
    }

    public string RowKey
    {
        get => GetString(SystemProperties.RowKey);
        set => _properties[SystemProperties.RowKey] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => Get<DateTimeOffset?>(SystemProperties.Timestamp);
        set => _properties[SystemProperties.Timestamp] = value;
    }

    public ETag ETag
    {
        get => new(GetString(SystemProperties.ODataETag));
        set => _properties[SystemProperties.ODataETag] = value.ToString();
    }

    /// <exception cref="InvalidOperationException">The property is not a string.</exception>
    public string GetString(string key) => Get<string>(key);

    /// <exception cref="InvalidOperationException">The property is neither a byte array nor binary data.</exception>
    public BinaryData GetBinaryData(string key) => Get(key) switch
    {
        null => null,
        byte[] bytes => BinaryData.FromBytes(bytes),
        BinaryData data => data,
        var other => throw WrongType(typeof(BinaryData), other),
    };

    /// <exception cref="InvalidOperationException">The property is neither a byte array nor binary data.</exception>
    public byte[] GetBinary(string key) => Get(key) switch
    {
        null => null,
        byte[] bytes => bytes,
        BinaryData data => data.ToArray(),
        var other => throw WrongType(typeof(byte[]), other),
    };

    /// <exception cref="InvalidOperationException">The property is not a boolean.</exception>
    public bool? GetBoolean(string key) => Get<bool?>(key);

    /// <returns>The time in UTC.</returns>
    /// <exception cref="InvalidOperationException">The property is not a time.</exception>
    public DateTime? GetDateTime(string key) => Get(key) switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime,
        DateTime time => time,
        var other => throw WrongType(typeof(DateTime?), other),
    };

    /// <exception cref="InvalidOperationException">The property is not a time with an offset.</exception>
    public DateTimeOffset? GetDateTimeOffset(string key) => Get<DateTimeOffset?>(key);

    /// <exception cref="InvalidOperationException">The property is not a double.</exception>
    public double? GetDouble(string key) => Get<double?>(key);

    /// <exception cref="InvalidOperationException">The property is not a GUID.</exception>
    public Guid? GetGuid(string key) => Get<Guid?>(key);

    /// <exception cref="InvalidOperationException">The property is not a 32-bit integer.</exception>
    public int? GetInt32(string key) => Get<int?>(key);

    /// <exception cref="InvalidOperationException">The property is not a 64-bit integer.</exception>
    public long? GetInt64(string key) => Get<long?>(key);

    /// <summary>Sets a property that was just read, without the checks of the indexer.</summary>
    internal void SetRead(string key, object value) => _properties[key] = value;

    private object Get(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _properties.GetValueOrDefault(key);
    }

    private T Get<T>(string key) => Get(key) switch
    {
        null => default,
        T value => value,
        var other => throw WrongType(typeof(T), other),
    };

    private static InvalidOperationException WrongType(Type requested, object value) =>
        new($"Cannot return {requested} type for a {value.GetType()} typed property.");
}
