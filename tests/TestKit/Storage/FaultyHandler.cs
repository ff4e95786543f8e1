using System.Diagnostics;

namespace FunctionsBroker.TestKit.Storage;

/// <summary>
/// A connection to storage on which requests fail as a test wants. To use it in a client, set the options' transport:
/// <c>Transport = new HttpClientTransport(new HttpClient(new FaultyHandler(…)))</c>.
/// </summary>
/// <param name="choose">Chooses what goes wrong, given the request and its number: 1 for the first, tries counted.</param>
public sealed class FaultyHandler(Func<HttpRequestMessage, int, StorageFault> choose) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _requests;

    /// <summary>How many requests were begun, tries counted.</summary>
    public int Requests => _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (choose(request, Interlocked.Increment(ref _requests)))
        {
            case StorageFault.Nothing:
                return await base.SendAsync(request, cancellationToken);
            case StorageFault.BrokenBefore:
                throw new HttpRequestException("The request was lost, as the test wants.");
            case StorageFault.BrokenAfter:
                using (await base.SendAsync(request, cancellationToken))
                {
                    throw new HttpRequestException("The answer was lost, as the test wants.");
                }

            case StorageFault.Answer answer:
                return new HttpResponseMessage(answer.Status) { RequestMessage = request };
            default:
                throw new UnreachableException();
        }
    }
}
