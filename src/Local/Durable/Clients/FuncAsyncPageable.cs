using System.Runtime.CompilerServices;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>Pages that a function makes, given the token to go on from and the size asked for.</summary>
internal sealed class FuncAsyncPageable<T>(Func<string?, int?, CancellationToken, IAsyncEnumerable<Page<T>>> pages) : AsyncPageable<T>
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default) =>
        PagesAsync(continuationToken, pageSizeHint, CancellationToken.None);

    private async IAsyncEnumerable<Page<T>> PagesAsync(
        string? continuationToken, int? pageSizeHint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Page<T> page in pages(continuationToken, pageSizeHint, cancellationToken))
        {
            yield return page;
        }
    }
}
