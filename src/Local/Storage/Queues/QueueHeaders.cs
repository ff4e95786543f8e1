using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Storage.Queues.Models;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>What the queue service says in headers.</summary>
internal static class QueueHeaders
{
    private const string MetadataPrefix = "x-ms-meta-";

    public static void AddMetadata(Request request, IDictionary<string, string>? metadata)
    {
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>())
        {
            request.Headers.Add(MetadataPrefix + name, value);
        }
    }

    public static QueueProperties ReadProperties(Response response)
    {
        var properties = new QueueProperties
        {
            ApproximateMessagesCount = response.Headers.TryGetValue("x-ms-approximate-messages-count", out var count)
                ? int.Parse(count, CultureInfo.InvariantCulture)
                : 0,
        };
        foreach (var header in response.Headers.Where(header => header.Name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            properties.Metadata[header.Name[MetadataPrefix.Length..]] = header.Value;
        }

        return properties;
    }

    public static UpdateReceipt ReadUpdate(Response response) => new()
    {
        PopReceipt = response.Headers.TryGetValue("x-ms-popreceipt", out var receipt) ? receipt : null,
        NextVisibleOn = response.Headers.TryGetValue("x-ms-time-next-visible", out var time) ? QueueXml.ReadTime(time) : default,
    };
}
