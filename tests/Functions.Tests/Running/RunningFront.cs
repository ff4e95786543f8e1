using System.Collections.Concurrent;
using System.Net.Http.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A front that runs as one test sees it: with fake session hosts of its own, which take the turns of its own sessions only.</summary>
internal sealed class RunningFront : IAsyncDisposable
{
    public const string CallbackKey = FrontUnderTest.CallbackKey;

    private readonly FrontUnderTest _running;
    private readonly string _session;
    private readonly List<FakeHost> _hosts = [];
    private readonly ConcurrentQueue<(string Session, string Turn)> _submitted = new();
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;

    private RunningFront(FrontUnderTest running, string session)
    {
        (_running, _session) = (running, session);
        _services = running.CreateServices();
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(4) };
        _http.DefaultRequestHeaders.Add("x-functions-key", running.Process.FunctionKey);
    }

    public Uri Url => _running.Process.Host.Url;

    public ITurnStore Turns => Get<ITurnStore>();

    public DurableTaskClient Durable => _running.Durable;

    /// <summary>Something of the front in this process, as its functions get it in theirs.</summary>
    public T Get<T>()
        where T : notnull =>
        _services.GetRequiredService<T>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the test's hosts, and waits until the front knows them and none of another test.</summary>
    /// <param name="session">What the ids of the test's sessions and hosts begin with.</param>
    public static async Task<RunningFront> StartAsync(FrontUnderTest running, string session, int hosts)
    {
        var front = new RunningFront(running, session);
        for (var number = 1; number <= hosts; number++)
        {
            await front.StartHostAsync($"host-{number}");
        }

        await Eventually.BecomesTrueAsync(
            async () => (await front.ListHostsAsync()).Order().SequenceEqual(front._hosts.Select(host => host.Url.AbsoluteUri).Order()),
            Cancellation);
        return front;
    }

    /// <summary>Starts another host, and waits until the front knows it.</summary>
    public async Task<FakeHost> AddHostAsync(string name)
    {
        var host = await StartHostAsync(name);
        await Eventually.BecomesTrueAsync(async () => (await ListHostsAsync()).Contains(host.Url.AbsoluteUri), Cancellation);
        return host;
    }

    /// <summary>The id of the host of this name.</summary>
    public string HostId(string name) => $"{_session}-{name}";

    /// <summary>The host of this name; the newest where one has begun anew.</summary>
    public FakeHost Host(string name = "host-1") => _hosts.Last(host => host.Id == HostId(name));

    /// <summary>The other one of two hosts.</summary>
    public FakeHost Other(FakeHost host) => _hosts.Single(other => other.Id != host.Id);

    /// <summary>The host that runs the turn now.</summary>
    public async Task<FakeHost> HostOfAsync(string session, string turn)
    {
        TurnResource? found = null;
        await Eventually.BecomesTrueAsync(async () => (found = await GetAsync(session, turn)) is { Attempts.Count: > 0 }, Cancellation);
        var host = _hosts.Last(host => host.Id == found!.Attempts[^1].HostId);
        await host.HoldsAsync(turn);
        return host;
    }

    public async Task<HttpResponseMessage> SubmitAsync(string session, string turn, SubmitTurnRequest body, int waitSeconds = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{session}/turns?wait={waitSeconds}");
        request.Headers.Add("Idempotency-Key", turn);
        _submitted.Enqueue((session, turn));
        request.Content = JsonContent.Create(body, ContractsJsonContext.Default.SubmitTurnRequest);
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>Submits a turn that must be accepted.</summary>
    public async Task AcceptAsync(string session, string turn, string prompt, OnBusy onBusy = OnBusy.Queue, int? deadlineSeconds = null)
    {
        var body = new SubmitTurnRequest { Prompt = prompt, OnBusy = onBusy.ToString().ToLowerInvariant(), DeadlineSeconds = deadlineSeconds };
        using var answer = await SubmitAsync(session, turn, body);
        Assert.True((int)answer.StatusCode is 202 or 200, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Any call of the API.</summary>
    public async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>Any request, as it is.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken? cancellationToken = null,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        _http.SendAsync(request, until, cancellationToken ?? Cancellation);

    public Task<HttpResponseMessage> CancelAsync(string session, string turn, int waitSeconds = 0) =>
        _http.PostAsync(new Uri($"/api/sessions/{session}/turns/{turn}/cancel?wait={waitSeconds}", UriKind.Relative), null, Cancellation);

    public async Task<TurnResource> GetAsync(string session, string turn) =>
        (await _http.GetFromJsonAsync($"/api/sessions/{session}/turns/{turn}", ContractsJsonContext.Default.TurnResource, Cancellation))!;

    public async Task<TurnResource> EndedAsync(string session, string turn)
    {
        TurnResource? found = null;
        await Eventually.BecomesTrueAsync(async () => (found = await GetAsync(session, turn)).Status.IsTerminal(), Cancellation);
        return found!;
    }

    /// <summary>Waits until the session's mailbox knows that its turns have ended, which is a moment after their rows say so.</summary>
    public Task FreeAsync(string session) =>
        Eventually.BecomesTrueAsync(
            async () =>
                await Durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(SessionId.Parse(session)), includeState: true, Cancellation)
                    is { State: { Running: null, Waiting.Count: 0 } },
            Cancellation);

    public static async Task<TurnResource> ReadTurnAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, Cancellation))!;

    public static async Task<Problem> ReadProblemAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, Cancellation))!;

    /// <summary>Ends what the test left running, and takes its hosts from the front.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TestTimeouts.Default, TimeProvider.System);
            await EndTurnsAsync(limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ConcurrencyConflictException)
        {
            // It is not what the test is about, and no other test's hosts take these turns.
            TestContext.Current.TestOutputHelper?.WriteLine($"Turns of the test were left: {exception.Message}");
        }

        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        var rows = Get<IHostStore>();
        foreach (var row in await rows.ListAsync(CancellationToken.None))
        {
            await rows.DeleteAsync(row.HostId, CancellationToken.None);
        }

        _http.Dispose();
        await _services.DisposeAsync();
    }

    private async Task<FakeHost> StartHostAsync(string name)
    {
        var host = await FakeHost.StartAsync(HostId(name), _session, Turns, Get<IHostStore>(), Url);
        _hosts.Add(host);
        return host;
    }

    private async Task<IReadOnlyList<string>> ListHostsAsync()
    {
        var list = await _http.GetFromJsonAsync("/api/hosts", ContractsJsonContext.Default.HostList, Cancellation);
        return [.. list!.Hosts.Select(host => host.Url.AbsoluteUri)];
    }

    private async Task EndTurnsAsync(CancellationToken cancellationToken)
    {
        foreach (var host in _hosts)
        {
            host.Mute = false;
        }

        foreach (var (session, turn) in _submitted.Distinct())
        {
            if (SessionId.TryParse(session, out var sessionId)
                && TurnId.TryParse(turn, out var turnId)
                && await Turns.FindAsync(sessionId, turnId, cancellationToken) is { Value: var row }
                && !row.Status.IsTerminal())
            {
                using var answer = await _http.PostAsync(
                    new Uri($"/api/sessions/{session}/turns/{turn}/cancel?wait=30", UriKind.Relative), null, cancellationToken);
            }
        }

        // What the test wrote into the table itself, the front's sweeps would take up.
        await foreach (var open in Turns.ListOpenAsync(TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1), cancellationToken))
        {
            if (open.SessionId.Value.StartsWith(_session, StringComparison.Ordinal)
                && await Turns.FindAsync(open.SessionId, open.TurnId, cancellationToken) is { } row)
            {
                await Turns.UpdateAsync(row, row.Value with { Status = TurnStatus.Cancelled, Published = true }, cancellationToken);
            }
        }
    }
}
