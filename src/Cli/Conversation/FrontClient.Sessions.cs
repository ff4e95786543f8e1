using System.Net;
using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Cli.Conversation;

/// <summary>Looking at sessions, hosts and usage.</summary>
internal sealed partial class FrontClient
{
    /// <summary>The sessions that fit, page after page.</summary>
    /// <param name="filters">Parts of the query: <c>status</c>, <c>host</c>, <c>profile</c>, <c>tag</c>; null ones are left out.</param>
    public async IAsyncEnumerable<SessionResource> ListSessionsAsync(
        IReadOnlyDictionary<string, string?> filters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await GetAsync(
                "api/sessions" + Query([.. filters, new("limit", "200"), new("after", after)]),
                ContractsJsonContext.Default.SessionPage,
                cancellationToken);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    public Task<SessionResource> GetSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        GetAsync(SessionPath(sessionId), ContractsJsonContext.Default.SessionResource, cancellationToken);

    /// <summary>Ends a session and removes everything of it; waits for that as long as a request may take.</summary>
    /// <returns>Whether nothing is left of it.</returns>
    public async Task<bool> DeleteSessionAsync(string sessionId, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Delete, $"{SessionPath(sessionId)}?wait={WaitSeconds}");
        using var response = await _http.SendAsync(message, cancellationToken);
        await RequireAsync(response, cancellationToken);
        return response.StatusCode == HttpStatusCode.NoContent;
    }

    /// <summary>The newest turns of a session with their prompts, newest first.</summary>
    public async Task<IReadOnlyList<TurnResource>> ListTurnsAsync(string sessionId, int limit, CancellationToken cancellationToken)
    {
        var path = $"{SessionPath(sessionId)}/turns?include=prompt&limit={limit}";
        return (await GetAsync(path, ContractsJsonContext.Default.TurnPage, cancellationToken)).Turns;
    }

    public async Task<IReadOnlyList<HostResource>> ListHostsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("api/hosts", ContractsJsonContext.Default.HostList, cancellationToken)).Hosts;

    /// <param name="from">The first day as <c>yyyy-MM-dd</c>; null for the beginning of the month.</param>
    /// <param name="to">The last one; null for today.</param>
    public Task<UsageReport> GetUsageAsync(string? from, string? to, CancellationToken cancellationToken) =>
        GetAsync(
            "api/usage" + Query([new("from", from), new("to", to), new("limit", "200")]),
            ContractsJsonContext.Default.UsageReport,
            cancellationToken);

    private static string Query(IEnumerable<KeyValuePair<string, string?>> parts) =>
        "?" + string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value ?? string.Empty)}"));
}
