using System.Text;
using System.Text.Unicode;

namespace FunctionsBroker.Sessions.Attachments;

/// <summary>Tells from its first bytes what a file is.</summary>
public static class AttachmentContent
{
    private static readonly string[] s_textTypes =
        ["application/json", "application/xml", "application/yaml", "application/x-yaml", "application/javascript", "application/x-ndjson"];

    /// <returns>Null for a type that is not taken.</returns>
    public static AttachmentKind? KindOf(string mediaType) =>
        mediaType switch
        {
            "image/png" or "image/jpeg" or "image/gif" or "image/webp" => AttachmentKind.Image,
            "application/pdf" => AttachmentKind.Pdf,
            _ when mediaType.StartsWith("text/", StringComparison.Ordinal) || s_textTypes.Contains(mediaType) => AttachmentKind.Text,
            _ => null,
        };

    /// <summary>Whether the bytes are of the type that they are said to be.</summary>
    public static bool Is(string mediaType, ReadOnlySpan<byte> content) =>
        mediaType switch
        {
            "image/png" => content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
            "image/jpeg" => content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
            "image/gif" => content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8),
            "image/webp" => content.StartsWith("RIFF"u8) && content.Length >= 12 && content[8..].StartsWith("WEBP"u8),
            "application/pdf" => content.StartsWith("%PDF-"u8),
            _ => !content.Contains((byte)0) && Utf8.IsValid(content),
        };

    public static string ReadText(ReadOnlySpan<byte> content) =>
        Encoding.UTF8.GetString(content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content);
}
