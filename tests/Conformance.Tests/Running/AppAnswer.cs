using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>Reads what the app's management endpoints answer.</summary>
internal static class AppAnswer
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <returns>The value; null for 404.</returns>
    /// <exception cref="CallFailedException">The call behind the endpoint threw.</exception>
    public static async Task<T?> ReadAsync<T>(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return default;
            case HttpStatusCode.InternalServerError when answer.Content.Headers.ContentLength is not 0:
                var failure = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                throw new CallFailedException(failure.GetProperty("type").GetString()!, failure.GetProperty("message").GetString()!);
            default:
                answer.EnsureSuccessStatusCode();
                return await answer.Content.ReadFromJsonAsync<T>(Cancellation);
        }
    }

    public static Task<T?> PostAsync<T>(HttpClient http, string path, object? body) =>
        ReadAsync<T>(http.PostAsJsonAsync(path, body, Cancellation));

    public static Task<T?> GetAsync<T>(HttpClient http, string path) => ReadAsync<T>(http.GetAsync(path, Cancellation));
}
