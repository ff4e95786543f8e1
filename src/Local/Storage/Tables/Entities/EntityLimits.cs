using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables.Models;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>
/// Refuses, with the service's own errors, entities that the service refuses but the emulator takes: a program that is
/// wrong must not learn it in Azure.
/// Source: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
/// </summary>
internal partial struct EntityLimits
{
    private const int MaxProperties = 252;
    private const int MaxNameLength = 255;
    private const int MaxKeyLength = 512;
    private const int MaxBytes = 1024 * 1024;

    private static readonly DateTime s_firstTime = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private int _properties;
    private long _bytes;

    /// <summary>Counts a property that is about to be written.</summary>
    /// <exception cref="RequestFailedException">It, or all of them together, are beyond a limit.</exception>
    public void Count(string name, object? value)
    {
        if (value is null)
        {
            return;
        }

        if (name is SystemProperties.PartitionKey or SystemProperties.RowKey)
        {
            CountKey(name, (string)value);
        }
        else
        {
            CountProperty(name, value);
        }

        if (_bytes > MaxBytes)
        {
            throw Failure(TableErrorCode.EntityTooLarge, "The entity is larger than the maximum allowed size (1MB).");
        }
    }

    private void CountKey(string name, string key)
    {
        if (key.Length > MaxKeyLength)
        {
            throw Failure(TableErrorCode.KeyValueTooLarge, $"The value of '{name}' exceeds the maximum allowed size (1KB).");
        }

        if (key.Any(static letter => letter is '/' or '\\' or '#' or '?' || char.IsControl(letter)))
        {
            throw Failure(TableErrorCode.OutOfRangeInput, $"The '{name}' parameter is out of range.");
        }

        _bytes += 2 * key.Length;
    }

    private void CountProperty(string name, object value)
    {
        if (++_properties > MaxProperties)
        {
            throw Failure(
                TableErrorCode.TooManyProperties,
                $"The entity contains more properties than allowed. Each entity can include up to {MaxProperties} properties to store data.");
        }

        if (name.Length > MaxNameLength)
        {
            throw Failure(TableErrorCode.PropertyNameTooLong, $"The property name exceeds the maximum allowed length ({MaxNameLength}).");
        }

        if (!Identifier().IsMatch(name))
        {
            throw Failure(TableErrorCode.PropertyNameInvalid, $"The property name '{name}' is invalid.");
        }

        if (value is DateTimeOffset { UtcDateTime: var instant } && instant < s_firstTime || value is DateTime time && time < s_firstTime)
        {
            throw Failure(TableErrorCode.OutOfRangeInput, $"The '{name}' parameter is out of range.");
        }

        _bytes += 8 + (2 * name.Length) + SizeOf(value);
    }

    private static long SizeOf(object value) => value switch
    {
        string text => 4 + (2L * text.Length),
        byte[] bytes => 4 + bytes.Length,
        BinaryData data => 4 + data.ToMemory().Length,
        Guid => 16,
        int => 4,
        bool => 1,
        _ => 8,
    };

    private static RequestFailedException Failure(TableErrorCode code, string message) => new(400, message, code.ToString(), innerException: null);

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}\p{Mn}\p{Mc}\p{Pc}_]*$")]
    private static partial Regex Identifier();
}
