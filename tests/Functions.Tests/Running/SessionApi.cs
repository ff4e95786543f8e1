using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>The calls about sessions, as tests make them.</summary>
internal static class SessionApi
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> PutAsync(this RunningFront front, string session, PutSessionRequest body)
    {
        using var content = JsonContent.Create(body, ContractsJsonContext.Default.PutSessionRequest);
        return await front.CallAsync(HttpMethod.Put, $"/api/sessions/{session}", content);
    }

    public static async Task<SessionResource> ConfigureAsync(this RunningFront front, string session, PutSessionRequest body)
    {
        using var answer = await front.PutAsync(session, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.SessionResource, Cancellation))!;
    }

    public static Task<HttpResponseMessage> DeleteAsync(this RunningFront front, string session, int waitSeconds = 0) =>
        front.CallAsync(HttpMethod.Delete, $"/api/sessions/{session}?wait={waitSeconds}");

    public static async Task<T> ReadAsync<T>(this RunningFront front, string path, JsonTypeInfo<T> type)
    {
        using var answer = await front.CallAsync(HttpMethod.Get, path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
        return (await answer.Content.ReadFromJsonAsync(type, Cancellation))!;
    }

    public static async Task<Problem> FailAsync(this RunningFront front, HttpMethod method, string path)
    {
        using var answer = await front.CallAsync(method, path);
        var problem = await RunningFront.ReadProblemAsync(answer);
        Assert.Equal(problem.Status, (int)answer.StatusCode);
        return problem;
    }

    /// <summary>Writes a session's row as a host does that has run turns of it.</summary>
    public static async Task<SessionRecord> PlaceAsync(this RunningFront front, string session, string host, Func<SessionRecord, SessionRecord>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var record = new SessionRecord
        {
            SessionId = SessionId.Parse(session),
            RouteId = RouteId.NewRouteId(),
            Profile = "default",
            HostId = host,
            Epoch = 1,
            ClaudeSessionId = Guid.NewGuid(),
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        return (await front.Get<ISessionStore>().AddAsync(change?.Invoke(record) ?? record, Cancellation)).Value;
    }
}
