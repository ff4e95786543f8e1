using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsBroker.TestKit.Schemas;

namespace FunctionsBroker.Api.Tests.OpenApi;

/// <summary>The OpenAPI document that the front serves, for comparing with what the front does.</summary>
internal sealed class ApiDocument(JsonElement document)
{
    private static readonly string[] s_methods = ["get", "put", "post", "delete"];

    private readonly JsonSchema _schemas = new(document);

    public static async Task<ApiDocument> LoadAsync(HttpClient http, CancellationToken cancellationToken) =>
        new(JsonElement.Parse(await http.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative), cancellationToken)));

    /// <summary>Every call, e.g. <c>GET /api/health</c>.</summary>
    public IReadOnlyList<string> Calls { get; } =
    [
        .. document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Where(call => s_methods.Contains(call.Name)).Select(call => $"{call.Name.ToUpperInvariant()} {path.Name}")),
    ];

    /// <summary>Every status of success that is documented, e.g. <c>GET /api/health 200</c>.</summary>
    public IReadOnlyList<string> Successes =>
    [
        .. Calls.SelectMany(call => CallOf(call).GetProperty("responses").EnumerateObject()
            .Where(response => response.Name.StartsWith('2'))
            .Select(response => $"{call} {response.Name}")),
    ];

    /// <summary>Whether an answer is to a call that is documented.</summary>
    public bool Describes(HttpResponseMessage response) => FindCall(response) is not null;

    /// <summary>Compares an answer with what is documented of its call.</summary>
    /// <returns>The call and its status, as in <see cref="Successes"/>.</returns>
    public async Task<string> CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var request = response.RequestMessage!;
        var call = FindCall(response) ?? throw new InvalidOperationException($"{request.Method} {request.RequestUri} is not documented.");
        var status = $"{(int)response.StatusCode}";
        var responses = CallOf(call).GetProperty("responses");
        var documented = _schemas.Resolve(responses.TryGetProperty(status, out var exact) ? exact : responses.GetProperty("default"));
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(exact.ValueKind != JsonValueKind.Undefined || (int)response.StatusCode >= 400, $"{call} answered {status}, which is not documented: {text}");
        CheckHeaders(response, documented, $"{call} {status}");
        CheckBody(response, text, documented, $"{call} {status}");
        return $"{call} {status}";
    }

    private static void CheckHeaders(HttpResponseMessage response, JsonElement documented, string where)
    {
        if (documented.TryGetProperty("headers", out var headers))
        {
            Assert.All(headers.EnumerateObject(), header => Assert.True(
                response.Headers.Contains(header.Name) || response.Content.Headers.Contains(header.Name), $"{where} has no header {header.Name}"));
        }
    }

    private void CheckBody(HttpResponseMessage response, string text, JsonElement documented, string where)
    {
        if (!documented.TryGetProperty("content", out var content))
        {
            Assert.True(text.Length == 0, $"{where} has a body: {text}");
            return;
        }

        var type = response.Content.Headers.ContentType?.MediaType ?? "none";
        Assert.True(content.TryGetProperty(type, out var body), $"{where} is of type {type}, which is not documented: {text}");
        if (type.EndsWith("json", StringComparison.Ordinal))
        {
            var faults = _schemas.Check(JsonElement.Parse(text), body.GetProperty("schema"));
            Assert.True(faults.Count == 0, $"{where} is not as documented: {string.Join("; ", faults)} in {text}");
        }
    }

    private string? FindCall(HttpResponseMessage response)
    {
        var request = response.RequestMessage!;
        return Calls.FirstOrDefault(call =>
            call.StartsWith($"{request.Method} ", StringComparison.Ordinal) && Matches(request.RequestUri!.PathAndQuery.Split('?')[0], call.Split(' ')[1]));
    }

    private JsonElement CallOf(string call) =>
        document.GetProperty("paths").GetProperty(call.Split(' ')[1]).GetProperty(call.Split(' ')[0].ToLowerInvariant());

    private static bool Matches(string path, string template) =>
        Regex.IsMatch(path, $"^{Regex.Replace(template, @"\{[^}]*\}", "[^/]+").Replace(".", @"\.", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase);
}
