using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Callers;

/// <summary>Tells callers apart by their keys, settings <c>Broker:Callers</c> and <c>Broker:OpenAiKeys</c>.</summary>
/// <remarks>
/// That a function key is one the host has seen to; which one it was it does not tell a worker, but it hands on the request as it came. So a
/// key that no caller has is nobody's as soon as there are callers: what was a tenant's would else be an operator's once its setting is gone.
/// </remarks>
internal sealed class CallerKeys
{
    private const string Bearer = "Bearer ";
    private const string FunctionKey = "x-functions-key";

    private readonly IReadOnlyList<(Caller Caller, KeySet Keys)> _callers;
    private readonly IReadOnlyList<(Caller Caller, KeySet Keys)> _openAi;

    public CallerKeys(IOptions<BrokerOptions> options)
    {
        var callers = options.Value.Callers.Select(caller => (Caller: new Caller(caller.Key, caller.Value.SessionPrefix), Options: caller.Value)).ToList();
        _callers = [.. callers.Select(caller => (caller.Caller, new KeySet(caller.Options.Keys)))];
        _openAi = [.. callers.Select(caller => (caller.Caller, new KeySet(caller.Options.OpenAiKeys))), (Caller.Operator, new KeySet(options.Value.OpenAiKeys))];
    }

    /// <summary>Finds out who calls the broker's own API.</summary>
    /// <returns>Null when the key is nobody's.</returns>
    public Caller? Find(HttpRequest request) =>
        _callers.Count == 0 ? Caller.Operator : Find(_callers, Header(request, FunctionKey) ?? request.Query["code"].FirstOrDefault());

    /// <summary>Finds out who calls the OpenAI-compatible API.</summary>
    /// <remarks>
    /// Clients of this API send <c>Authorization: Bearer</c>, which the Functions host does not take for a function key. So these calls have
    /// keys of their own, and without one they are closed. A key is also taken in the headers in which function keys and Azure OpenAI have
    /// theirs; not in the address, which ends up in logs.
    /// </remarks>
    /// <returns>Null when the key is nobody's.</returns>
    public Caller? FindOpenAi(HttpRequest request) => Find(_openAi, OpenAiKeyOf(request));

    /// <returns>The key that a request to the OpenAI-compatible API shows; null when it shows none.</returns>
    public static string? OpenAiKeyOf(HttpRequest request) =>
        Header(request, "Authorization") is { } authorization && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : Header(request, "api-key") ?? Header(request, FunctionKey);

    private static string? Header(HttpRequest request, string name) => request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;

    // All are looked at, so that the time tells nothing.
    private static Caller? Find(IReadOnlyList<(Caller Caller, KeySet Keys)> callers, string? shown)
    {
        Caller? found = null;
        foreach (var (caller, keys) in callers)
        {
            found = keys.Matches(shown) ? caller : found;
        }

        return found;
    }
}
