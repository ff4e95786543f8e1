using System.Net;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>A service that answers 200 with an empty page to everything and remembers what it was asked.</summary>
internal sealed class StubHandler : HttpMessageHandler
{
    private readonly List<HttpRequestMessage> _requests = [];

    public IReadOnlyList<HttpRequestMessage> Requests => _requests;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add(request);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{\"value\":[]}"), RequestMessage = request });
    }
}
