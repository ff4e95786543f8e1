using System.Net;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>A service that answers the same to everything, by default an empty page, and remembers what it was asked.</summary>
internal sealed class StubHandler(HttpStatusCode status = HttpStatusCode.OK, string body = """{"value":[]}""") : HttpMessageHandler
{
    private readonly List<HttpRequestMessage> _requests = [];

    public IReadOnlyList<HttpRequestMessage> Requests => _requests;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add(request);
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body), RequestMessage = request });
    }
}
