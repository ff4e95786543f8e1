using Azure;
using Azure.Data.Tables.Models;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>
/// The service's limits of an entity that the emulator does not keep; a program that breaks them must not learn it in Azure.
/// </summary>
/// <remarks>
/// From https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model: 252 properties
/// besides the service's own, names of 255 characters, 1 MiB for names (two bytes a character) and values together.
/// </remarks>
internal struct EntityLimits
{
    private const int MostProperties = 252;
    private const int LongestName = 255;
    private const int LargestEntity = 1024 * 1024;

    private int _properties;
    private long _size;

    /// <summary>Counts a property that is going to be written.</summary>
    /// <exception cref="RequestFailedException">400: with it the entity is one that the service refuses.</exception>
    public void Count(string name, object? value)
    {
        if (value is null)
        {
            return;
        }

        if (name.Length > LongestName)
        {
            throw Refusal("The property name exceeds the maximum allowed length (255).", TableErrorCode.PropertyNameTooLong);
        }

        if (name is not (SystemProperties.PartitionKey or SystemProperties.RowKey) && ++_properties > MostProperties)
        {
            throw Refusal("The entity contains more properties than allowed (252).", TableErrorCode.TooManyProperties);
        }

        _size += (2 * name.Length) + SizeOf(value);
        if (_size > LargestEntity)
        {
            throw Refusal("The entity is larger than the maximum allowed size (1 MiB).", TableErrorCode.EntityTooLarge);
        }
    }

    private static int SizeOf(object value) => value switch
    {
        string text => 2 * text.Length,
        byte[] bytes => bytes.Length,
        BinaryData data => data.ToMemory().Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };

    private static RequestFailedException Refusal(string message, TableErrorCode code) => new(400, message, code.ToString(), innerException: null);
}
