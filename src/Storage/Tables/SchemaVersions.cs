using System.Globalization;
using Azure.Data.Tables;

namespace FunctionsBroker.Storage.Tables;

/// <summary>Every row says which shape it has; a row of an unknown major shape is refused, not guessed at.</summary>
internal static class SchemaVersions
{
    private const string Column = "SchemaVersion";
    private const int Major = 1;

    public static void Write(TableEntity row) => row[Column] = Major;

    /// <exception cref="InvalidDataException">The row was written by a newer program.</exception>
    public static void Check(TableEntity row)
    {
        var version = row.GetInt32(Column);
        if (version is not Major)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The row '{row.PartitionKey}/{row.RowKey}' has schema version {version}; this program reads {Major}."));
        }
    }
}
