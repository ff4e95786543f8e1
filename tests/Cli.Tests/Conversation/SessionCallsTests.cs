using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Cli.Tests.Conversation;

public sealed class SessionCallsTests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private WebApplication _front = null!;
    private FrontClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _front = builder.Build();
        _front.MapGet("/api/sessions", (HttpRequest request, string? after) =>
        {
            _asked.Add(request.QueryString.Value!);
            return Results.Json(
                after is null ? new SessionPage { Sessions = [Session("a"), Session("b")], Next = "b" } : new SessionPage { Sessions = [Session("c")] },
                ContractsJsonContext.Default.SessionPage);
        });
        _front.MapGet("/api/sessions/{id}", () =>
            Results.Json(ProblemCatalogue.SessionNotFound(), ContractsJsonContext.Default.Problem, statusCode: 404));
        _front.MapDelete("/api/sessions/{id}", (string id) => id == "a:b" ? Results.NoContent() : Results.Accepted());
        await _front.StartAsync(Cancellation);
        _client = new FrontClient(new Uri(_front.Urls.Single()), "the-key", TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _front.DisposeAsync();
    }

    [Fact]
    public async Task ListSessions_SeveralPages_GivesAllOfThem()
    {
        var filters = new Dictionary<string, string?> { ["tag"] = "a&b", ["host"] = null };

        var listed = await _client.ListSessionsAsync(filters, Cancellation).Select(session => session.SessionId).ToListAsync(Cancellation);

        Assert.Equal(["a", "b", "c"], listed);
        Assert.Equal(["?tag=a%26b&limit=200", "?tag=a%26b&limit=200&after=b"], _asked);
    }

    [Fact]
    public async Task GetSession_Unknown_FailsWithTheProblem()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => _client.GetSessionAsync("never", Cancellation));

        Assert.Contains(ProblemCodes.SessionNotFound, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteSession_SaysWhetherItIsGone()
    {
        Assert.True(await _client.DeleteSessionAsync("a:b", Cancellation));
        Assert.False(await _client.DeleteSessionAsync("other", Cancellation));
    }

    private static SessionResource Session(string id) => new()
    {
        SessionId = id,
        Status = SessionStatus.Asleep,
        Profile = "default",
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastUsedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Usage = UsageTotals.None,
    };
}
