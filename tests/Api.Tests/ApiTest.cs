using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Endpoints;

namespace FunctionsBroker.Api.Tests;

/// <summary>What tests of the running API have in common.</summary>
[Trait("Category", "EndToEnd")]
public abstract class ApiTest(ApiFixture fixture)
{
    /// <summary>For tests with processes, in milliseconds.</summary>
    protected const int LongTest = 180_000;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ApiFixture Fixture => fixture;

    protected EndpointsFile Endpoints => fixture.Endpoints;

    protected static string NewId(string prefix) => $"{prefix}:{Guid.NewGuid():N}";

    /// <summary>The key that opens a call.</summary>
    protected static string KeyFor(EndpointsFile endpoints, string path) =>
        path.StartsWith("/v1", StringComparison.Ordinal) ? endpoints.Front.OpenAiKey : endpoints.Front.Key;

    /// <summary>Sends a request with its key.</summary>
    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("x-functions-key", KeyFor(Endpoints, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    protected static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
}
