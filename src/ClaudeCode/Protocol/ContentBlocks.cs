using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Attachments;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Writes a prompt with what comes along, as the blocks of the Messages API.</summary>
/// <remarks>Files stand before the text that speaks of them. An image's block has no place for a name.</remarks>
internal static class ContentBlocks
{
    public static void Write(Utf8JsonWriter writer, TurnPrompt prompt)
    {
        writer.WriteStartArray("content");
        foreach (var attachment in prompt.Attachments)
        {
            Write(writer, attachment);
        }

        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", prompt.Text);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, CheckedAttachment attachment)
    {
        writer.WriteStartObject();
        switch (attachment.Kind)
        {
            case AttachmentKind.Image:
                writer.WriteString("type", "image");
                WriteSource(writer, "base64", attachment.MediaType, attachment.Content);
                break;
            case AttachmentKind.Pdf:
                writer.WriteString("type", "document");
                writer.WriteString("title", attachment.Name);
                WriteSource(writer, "base64", attachment.MediaType, attachment.Content);
                break;
            case AttachmentKind.Text:
                writer.WriteString("type", "document");
                writer.WriteString("title", attachment.Name);
                WriteSource(writer, "text", "text/plain", attachment.Content); // the only media type that the API takes for text
                break;
            default:
                throw new UnreachableException(attachment.Kind.ToString());
        }

        writer.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter writer, string type, string mediaType, string data)
    {
        writer.WriteStartObject("source");
        writer.WriteString("type", type);
        writer.WriteString("media_type", mediaType);
        writer.WriteString("data", data);
        writer.WriteEndObject();
    }
}
