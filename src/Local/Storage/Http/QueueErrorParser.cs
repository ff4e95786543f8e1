using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;
using Azure;
using Azure.Core;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>Reads the queue service's error body, <c>&lt;Error&gt;&lt;Code/&gt;&lt;Message/&gt;…&lt;/Error&gt;</c>; what else it holds becomes data.</summary>
internal sealed class QueueErrorParser : RequestFailedDetailsParser
{
    public static QueueErrorParser Instance { get; } = new();

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = Read(response, ref data) ?? HeaderError.Read(response);
        return error is not null;
    }

    private static ResponseError? Read(Response response, ref IDictionary<string, string>? data)
    {
        if (response.ContentStream is not MemoryStream { Length: > 0 })
        {
            return null;
        }

        try
        {
            var root = XDocument.Load(response.Content.ToStream()).Root;
            if (root?.Name.LocalName != "Error")
            {
                return null;
            }

            foreach (var detail in root.Elements().Where(element => element.Name.LocalName is not ("Code" or "Message")))
            {
                (data ??= new Dictionary<string, string>())[detail.Name.LocalName] = detail.Value;
            }

            return new ResponseError(root.Element("Code")?.Value, root.Element("Message")?.Value);
        }
        catch (XmlException)
        {
            // Proxies answer in other formats; status and headers still say what happened.
            return null;
        }
    }
}
