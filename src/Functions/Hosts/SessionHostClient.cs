using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

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
        AskAsync(
            async () =>
            {
                using var content = ContentOf(turn);
                return await http.PostAsync(TurnsOf(host, session), content, cancellationToken);
            },
            cancellationToken);

    /// <summary>Gives a host a turn to run, and stays on the line for its end.</summary>
    /// <param name="wait">How long the host is to wait for the end, in whole seconds.</param>
    public Task<HostLine> FollowAsync(
        HostRecord host,
        SessionId session,
        HostTurnRequest turn,
        TimeSpan wait,
        CancellationToken cancellationToken) =>
        CallAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{TurnsOf(host, session)}?wait={wait.TotalSeconds:0}"));
                request.Content = ContentOf(turn);
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                return response.IsSuccessStatusCode
                    ? await HostLine.OpenAsync(response, cancellationToken)
                    : new HostLine(await ReadAsync(response, cancellationToken));
            },
            answer => new HostLine(answer),
            cancellationToken);

    /// <summary>Asks a host what has become of a turn.</summary>
    public Task<HostAnswer> ProbeAsync(HostRecord host, SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        AskAsync(() => http.GetAsync(new Uri($"{TurnsOf(host, session)}/{PathSegment.Of(turn)}"), cancellationToken), cancellationToken);

    /// <summary>Asks a host to stop exactly this turn; its process survives. Safe to repeat.</summary>
    public Task<HostAnswer> CancelAsync(HostRecord host, SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        AskAsync(() => http.PostAsync(new Uri($"{TurnsOf(host, session)}/{PathSegment.Of(turn)}/cancel"), null, cancellationToken), cancellationToken);

    // With its length, so that it goes out together with its head.
    private static ReadOnlyMemoryContent ContentOf(HostTurnRequest turn) =>
        new(JsonSerializer.SerializeToUtf8Bytes(turn, ContractsJsonContext.Default.HostTurnRequest))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json) },
        };

    private static Uri TurnsOf(HostRecord host, SessionId session) => new(host.Url, $"sessions/{PathSegment.Of(session)}/turns");

    private static Task<HostAnswer> AskAsync(Func<Task<HttpResponseMessage>> call, CancellationToken cancellationToken) =>
        CallAsync(async () => await ReadAsync(await call(), cancellationToken), answer => answer, cancellationToken);

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, Func<HostAnswer.Silent, T> silent, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (HostSilence.Is(exception, cancellationToken))
        {
            return silent(new HostAnswer.Silent(ReasonOf(exception)) { Unreached = IsUnreached(exception) });
        }
    }

    private static bool IsUnreached(Exception exception) =>
        exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };

    private static string ReasonOf(Exception exception) =>
        exception switch
        {
            HttpRequestException failed => failed.HttpRequestError.ToString(),
            IOException => "The answer broke off.",
            JsonException => "The answer is not one of a session host.",
            _ => "Timeout",
        };

    private static async Task<HostAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
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
}

/// <summary>Makes of a turn's row what its host is asked to run.</summary>
internal sealed class HostTurnRequests(IOptions<BrokerOptions> options)
{
    private readonly Uri _callbackUrl = new(options.Value.CallbackBaseUrl!, "/api/callbacks/turns");

    /// <param name="turn">With the attempt that is to run opened as its last.</param>
    /// <param name="follows">Whether the caller stays on the line for its end.</param>
    public HostTurnRequest For(TurnRecord turn, string prompt, IReadOnlyList<Attachment> attachments, bool follows = false) => new()
    {
        TurnId = turn.TurnId.Value,
        Epoch = turn.Epoch,
        Attempt = turn.Attempts.Count,
        Prompt = prompt,
        Command = turn.Command,
        OneOff = turn.OneOff,
        Attachments = attachments,
        Profile = turn.Profile,
        TraceParent = Activity.Current is { Source.Name: Diagnostics.SourceName } step ? step.Id : turn.TraceParent,
        CallbackUrl = _callbackUrl,
        CallbackUnlessHeard = follows,
    };
}
