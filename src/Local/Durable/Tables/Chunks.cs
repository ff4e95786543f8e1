using System.Globalization;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Durable.Tables;

/// <summary>
/// Bytes of any length as properties of a row. Table storage takes 64 KiB per binary property and 1 MiB per row.
/// </summary>
internal static class Chunks
{
    /// <summary>The most bytes that one row is given: 1 MiB less a third, because Azurite counts them as base64, and less the other properties.</summary>
    public const int MaxRowBytes = 11 * MaxPropertyBytes;

    private const int MaxPropertyBytes = 64 * 1024;

    public static void Write(TableEntity row, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i * MaxPropertyBytes < bytes.Length; i++)
        {
            int start = i * MaxPropertyBytes;
            row[Name(i)] = bytes.Slice(start, Math.Min(MaxPropertyBytes, bytes.Length - start)).ToArray();
        }
    }

    public static void Read(TableEntity row, MemoryStream destination)
    {
        for (int i = 0; row.TryGetValue(Name(i), out object? chunk) && chunk is byte[] bytes; i++)
        {
            destination.Write(bytes);
        }
    }

    private static string Name(int index) => "B" + index.ToString("D2", CultureInfo.InvariantCulture);
}
