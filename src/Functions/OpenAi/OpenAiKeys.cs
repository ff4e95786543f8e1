using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Tells whether a caller may use the OpenAI-compatible calls.</summary>
/// <remarks>
/// Clients of this API send <c>Authorization: Bearer</c>, which the Functions host does not take for a function key. So
/// these calls have keys of their own, setting <c>Broker:OpenAiKeys</c>; without one they are closed. A key is also taken
/// in the headers in which function keys and Azure OpenAI have theirs; not in the address, which ends up in logs.
/// </remarks>
internal sealed class OpenAiKeys(IOptions<BrokerOptions> options)
{
    private const string Bearer = "Bearer ";

    private readonly KeySet _keys = new(options.Value.OpenAiKeys);

    public bool Allow(HttpRequest request) => _keys.Matches(Find(request));

    /// <returns>The key that a request shows; empty when it shows none.</returns>
    public static string Find(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is var authorization && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        return request.Headers["api-key"].FirstOrDefault()
            ?? request.Headers["x-functions-key"].FirstOrDefault()
            ?? string.Empty;
    }
}
