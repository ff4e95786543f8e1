using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Azure;
using Azure.Core;
using Azure.Storage.Queues.Models;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>The pages of a listing of queues, each requested when it is enumerated.</summary>
internal sealed class QueuePages(QueueService service, QueueTraits traits, string? prefix, CancellationToken cancellationToken)
    : AsyncPageable<QueueItem>(cancellationToken)
{
    public override IAsyncEnumerable<Page<QueueItem>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        ReadAsync(continuationToken, pageSizeHint, CancellationToken);

    private async IAsyncEnumerable<Page<QueueItem>> ReadAsync(
        string? marker, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var query = new QueueQuery()
                .Add("comp", "list")
                .Add("prefix", prefix)
                .Add("marker", string.IsNullOrEmpty(marker) ? null : marker)
                .Add("maxresults", pageSize)
                .Add("include", traits.HasFlag(QueueTraits.Metadata) ? "metadata" : null);
            using var message = service.CreateMessage(RequestMethod.Get, "/", query.ToString());
            var response = await service.SendAsync(message, tolerated: null, cancellationToken);
            var root = XDocument.Load(response.Content.ToStream()).Root;
            marker = root?.Element("NextMarker")?.Value;
            yield return Page<QueueItem>.FromValues([.. (root?.Descendants("Queue") ?? []).Select(Read)], marker, response);
        }
        while (!string.IsNullOrEmpty(marker));
    }

    private static QueueItem Read(XElement queue) => new()
    {
        Name = queue.Element("Name")?.Value,
        Metadata = queue.Element("Metadata")?.Elements().ToDictionary(entry => entry.Name.LocalName, entry => entry.Value),
    };
}
