using System.Net;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Http;

/// <summary>What the cases of HTTP functions have in common.</summary>
public abstract class HttpTest(ConformanceHost host) : ConformanceTest(host)
{
    protected async Task<(HttpStatusCode Status, string Body)> GetAsync(string path) => await SendAsync(HttpMethod.Get, path);

    protected async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    protected async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path) => (await SendAsync(method, path)).Status;
}
