using System.Net;
using System.Net.Http.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Harness;

/// <summary>Session hosts that say what they are told to say, and note what they were asked.</summary>
internal sealed class StubHosts(TimeProvider time) : HttpMessageHandler
{
    private readonly Dictionary<string, List<HostSession>> _awake = [];
    private readonly HashSet<string> _silent = [];

    public InMemoryHostStore Store { get; } = new();

    /// <summary>Method and address of every call, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Answers a call that is not about what is awake; null is 404.</summary>
    public Func<HttpRequestMessage, HttpStatusCode?> OnCall { get; set; } = _ => null;

    public async Task AddAsync(string hostId, params HostSession[] awake)
    {
        _awake[hostId] = [.. awake];
        await BeatAsync(hostId);
    }

    public Task BeatAsync(string hostId) =>
        Store.SaveAsync(
            new HostRecord
            {
                HostId = hostId,
                Url = new Uri($"http://{hostId}/"),
                StartedAt = time.GetUtcNow(),
                HeartbeatAt = time.GetUtcNow(),
                HeartbeatInterval = TimeSpan.FromSeconds(2),
                MaxSessions = 20,
                Profiles = ["default", "coder"],
            },
            CancellationToken.None);

    /// <summary>From now on calls to this host fail.</summary>
    public void Silence(string hostId) => _silent.Add(hostId);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        Calls.Add($"{request.Method} {uri}");
        if (_silent.Contains(uri.Host))
        {
            throw new HttpRequestException("Connection refused");
        }

        return Task.FromResult(Answer(request, uri));
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, Uri uri)
    {
        var awake = _awake[uri.Host];
        if (request.Method == HttpMethod.Get && uri.AbsolutePath == "/sessions")
        {
            return new HttpResponseMessage { Content = JsonContent.Create(awake, ContractsJsonContext.Default.IReadOnlyListHostSession) };
        }

        if (request.Method == HttpMethod.Get && awake.Find(session => uri.AbsolutePath == $"/sessions/{session.SessionId}") is { } found)
        {
            return new HttpResponseMessage { Content = JsonContent.Create(found, ContractsJsonContext.Default.HostSession) };
        }

        return new HttpResponseMessage(OnCall(request) ?? HttpStatusCode.NotFound);
    }
}
