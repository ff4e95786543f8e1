using System.Globalization;
using System.Text;
using System.Xml;
using Azure;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>The XML in which messages travel.</summary>
internal static class QueueXml
{
    private static readonly XmlWriterSettings s_writing = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,

        // Otherwise a reader makes every line break in the text a line feed.
        NewLineHandling = NewLineHandling.Entitize,
    };

    private static readonly XmlReaderSettings s_reading = new()
    {
        IgnoreComments = true,
        DtdProcessing = DtdProcessing.Prohibit,
        CloseInput = false,
    };

    /// <exception cref="ArgumentException">XML cannot hold the text (control characters); send it in base64.</exception>
    public static ReadOnlyMemory<byte> WriteMessage(string text)
    {
        var buffer = new MemoryStream(text.Length + 128);
        using (var writer = XmlWriter.Create(buffer, s_writing))
        {
            writer.WriteStartElement("QueueMessage");
            writer.WriteElementString("MessageText", text);
            writer.WriteEndElement();
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>The messages of an answer, each as its elements by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> ReadMessages(Response response)
    {
        var messages = new List<IReadOnlyDictionary<string, string>>();
        using var reader = XmlReader.Create(response.Content.ToStream(), s_reading);
        while (reader.ReadToFollowing("QueueMessage"))
        {
            messages.Add(ReadElements(reader));
        }

        return messages;
    }

    public static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.ParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Dictionary<string, string> ReadElements(XmlReader reader)
    {
        var elements = new Dictionary<string, string>(8);
        var depth = reader.Depth;
        reader.Read();
        while (reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                // Moves past the element's end.
                var name = reader.LocalName;
                elements[name] = reader.ReadElementContentAsString();
            }
            else
            {
                reader.Read();
            }
        }

        return elements;
    }
}
