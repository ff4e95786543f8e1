using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>Calls the host API.</summary>
internal sealed class SessionHostClient(HttpClient http)
{
    /// <summary>Gives a host a turn to run. Safe to repeat: the host knows the turn by its id.</summary>
    public Task<HostAnswer> RunAsync(
        HostRecord host,
        SessionId session,
        HostTurnRequest turn,
        CancellationToken cancellationToken) =>
        CallAsync(
            () => http.PostAsJsonAsync(
                TurnsOf(host, session),
                turn,
                ContractsJsonContext.Default.HostTurnRequest,
                cancellationToken),
            cancellationToken);

    /// <summary>Asks a host what has become of a turn.</summary>
    public Task<HostAnswer> ProbeAsync(HostRecord host, SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        CallAsync(() => http.GetAsync(new Uri($"{TurnsOf(host, session)}/{turn.Value}"), cancellationToken), cancellationToken);

    /// <summary>Asks a host to stop exactly this turn; its process survives. Safe to repeat.</summary>
    public Task<HostAnswer> CancelAsync(HostRecord host, SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        CallAsync(() => http.PostAsync(new Uri($"{TurnsOf(host, session)}/{turn.Value}/cancel"), null, cancellationToken), cancellationToken);

    private static Uri TurnsOf(HostRecord host, SessionId session) => new(host.Url, $"sessions/{session.Value}/turns");

    private static async Task<HostAnswer> CallAsync(Func<Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await call();
            return await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return new HostAnswer.Silent(exception.HttpRequestError.ToString());
        }
        catch (JsonException)
        {
            return new HostAnswer.Silent("The answer is not one of a session host.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // HttpClient's own time limit.
            return new HostAnswer.Silent("Timeout");
        }
    }

    private static async Task<HostAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            var turn = await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurn, cancellationToken);
            return turn is null ? new HostAnswer.Silent("Empty answer") : new HostAnswer.Holds(turn);
        }

        var problem = await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, cancellationToken);
        return problem is null ? new HostAnswer.Silent($"Status {(int)response.StatusCode}") : new HostAnswer.Refuses(problem);
    }
}
