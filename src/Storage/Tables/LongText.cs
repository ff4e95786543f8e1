using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace FunctionsBroker.Storage.Tables;

/// <summary>
/// Keeps a text that is longer than one property takes, as UTF-8 in binary properties over as many rows as it needs.
/// </summary>
/// <remarks>
/// Limits of the table service: 64 KiB per property (32 Ki characters for a string), 1 MiB per row, 4 MiB per transaction.
/// </remarks>
internal static class LongText
{
    /// <summary>The longest text, in UTF-16 characters, that fits into one string property.</summary>
    public const int MaxInlineLength = 32 * 1024 - 256;

    private const int ChunkBytes = 60 * 1024;
    // The emulator counts a row's binary values in base64, a third longer than they are; 660 KiB fits either way.
    private const int ChunksPerRow = 11;
    private const string ChunkPrefix = "Chunk";

    public static bool FitsInline(string text) => text.Length <= MaxInlineLength;

    /// <param name="rowKey">Gives the key of the n-th row, from 0, in ordinal order.</param>
    public static IEnumerable<TableEntity> Split(string text, string partition, Func<int, string> rowKey)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var row = 0;
        foreach (var part in bytes.Chunk(ChunkBytes * ChunksPerRow))
        {
            var entity = new TableEntity(partition, rowKey(row++));
            var chunk = 0;
            foreach (var piece in part.Chunk(ChunkBytes))
            {
                entity[ChunkName(chunk++)] = piece;
            }

            yield return entity;
        }
    }

    public static string Join(IEnumerable<TableEntity> rows)
    {
        using var bytes = new MemoryStream();
        foreach (var row in rows)
        {
            for (var chunk = 0; row.GetBinary(ChunkName(chunk)) is { } piece; chunk++)
            {
                bytes.Write(piece);
            }
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string ChunkName(int index) => ChunkPrefix + index.ToString("d2", CultureInfo.InvariantCulture);
}
