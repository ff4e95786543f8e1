using System.Diagnostics;

namespace FunctionsBroker.CrashApp;

/// <summary>A connection to the storage that kills the process at one of its writes.</summary>
/// <param name="write">1 for the first.</param>
internal sealed class KillingHandler(KillMoment moment, int write) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _writes;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (moment == KillMoment.Never || request.Method == HttpMethod.Get || Interlocked.Increment(ref _writes) != write)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (moment != KillMoment.Before)
        {
            Task<HttpResponseMessage> sending = base.SendAsync(request, cancellationToken);
            if (moment == KillMoment.After)
            {
                (await sending).Dispose();
            }
        }

        Suicide.Commit();
        throw new UnreachableException();
    }
}
