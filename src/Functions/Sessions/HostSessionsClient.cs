using System.Net.Http.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Asks hosts what their sessions are doing. A host that does not answer knows nothing: whoever looks gets what the tables say.</summary>
internal sealed class HostSessionsClient(HttpClient http)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <returns>The sessions that are awake there.</returns>
    public async Task<IReadOnlyList<HostSession>> ListAsync(HostRecord host, CancellationToken cancellationToken) =>
        await AskAsync(
            token => http.GetFromJsonAsync(new Uri(host.Url, "sessions"), ContractsJsonContext.Default.IReadOnlyListHostSession, token),
            cancellationToken) ?? [];

    /// <returns>Null when the session is not awake there.</returns>
    public Task<HostSession?> FindAsync(HostRecord host, SessionId session, CancellationToken cancellationToken) =>
        AskAsync(
            token => http.GetFromJsonAsync(new Uri(host.Url, $"sessions/{PathSegment.Of(session)}"), ContractsJsonContext.Default.HostSession, token),
            cancellationToken);

    /// <summary>Has a session's process closed between two turns. Without an answer it lives on for at most one turn more.</summary>
    public Task RecycleAsync(HostRecord host, SessionId session, CancellationToken cancellationToken) =>
        AskAsync<object>(
            async token =>
            {
                using var response = await http.PostAsync(new Uri(host.Url, $"sessions/{PathSegment.Of(session)}/recycle"), content: null, token);
                return null;
            },
            cancellationToken);

    /// <summary>Has a session ended on a host, and everything removed that the host has of it.</summary>
    /// <returns>Whether that was done.</returns>
    public async Task<bool> EraseAsync(HostRecord host, SessionId session, RouteId route, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.DeleteAsync(new Uri(host.Url, $"sessions/{PathSegment.Of(session)}?route={route.Value}"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (HostSilence.Is(exception, cancellationToken))
        {
            return false;
        }
    }

    private static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T?>> call, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            return await call(patience.Token);
        }
        catch (Exception exception) when (HostSilence.Is(exception, cancellationToken))
        {
            // Not there, not awake, or too slow for somebody who only looks.
            return null;
        }
    }
}
