using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;

namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>The pages of a query, each requested when it is enumerated.</summary>
internal sealed class QueryPages<T>(
    TableService service,
    TableQuery query,
    int? maxPerPage,
    Func<ReadOnlyMemory<byte>, IReadOnlyList<T>> read,
    CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    /// <summary>True if the pages are of tables and not of entities.</summary>
    public bool OfTables { get; init; }

    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        ReadAsync(ContinuationToken.Parse(continuationToken, OfTables), pageSizeHint ?? maxPerPage, CancellationToken);

    private async IAsyncEnumerable<Page<T>> ReadAsync(
        ContinuationToken? continuation, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            using var message = service.CreateMessage(RequestMethod.Get, query.Path, query.ForPage(continuation, pageSize));
            var response = await service.SendAsync(message, tolerated: null, cancellationToken);
            continuation = ContinuationToken.From(response);
            yield return Page<T>.FromValues(read(response.Content.ToMemory()), continuation?.ToString(), response);
        }
        while (continuation is not null);
    }
}
