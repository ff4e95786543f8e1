using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Cli.Tests.Conversation;

public sealed class SessionCallsTests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private SmallFront _front = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _front = await SmallFront.StartAsync(front =>
        {
            front.MapGet("/api/sessions", (HttpRequest request, string? after) =>
            {
                _asked.Add(request.QueryString.Value!);
                return Results.Json(
                    after is null ? new SessionPage { Sessions = [Session("a"), Session("b")], Next = "b" } : new SessionPage { Sessions = [Session("c")] },
                    ContractsJsonContext.Default.SessionPage);
            });
            front.MapGet("/api/sessions/{id}", () =>
                Results.Json(ProblemCatalogue.SessionNotFound(), ContractsJsonContext.Default.Problem, statusCode: 404));
            front.MapDelete("/api/sessions/{id}", (string id) => id == "a:b" ? Results.NoContent() : Results.Accepted());
        });

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task ListSessions_SeveralPages_GivesAllOfThem()
    {
        var filters = new Dictionary<string, string?> { ["tag"] = "a&b", ["host"] = null };

        var listed = await _front.Client.ListSessionsAsync(filters, Cancellation).Select(session => session.SessionId).ToListAsync(Cancellation);

        Assert.Equal(["a", "b", "c"], listed);
        Assert.Equal(["?tag=a%26b&limit=200", "?tag=a%26b&limit=200&after=b"], _asked);
    }

    [Fact]
    public async Task GetSession_Unknown_FailsWithTheProblem()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => _front.Client.GetSessionAsync("never", Cancellation));

        Assert.Contains(ProblemCodes.SessionNotFound, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteSession_SaysWhetherItIsGone()
    {
        Assert.True(await _front.Client.DeleteSessionAsync("a:b", Cancellation));
        Assert.False(await _front.Client.DeleteSessionAsync("other", Cancellation));
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
