using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class ChatEndTests
{
    [Fact]
    public async Task Of_TurnThatGoesOn_IsNotReadyAndMayBeAskedForAgain()
    {
        var (problem, response) = await AnswerAsync(TurnStatus.Running, null, isKeyed: false);

        Assert.Equal((504, ProblemCodes.ReplyNotReady), (response.StatusCode, problem.Code));
        Assert.Contains("/api/sessions/s/turns/t", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(("true", "t"), (response.Headers["x-should-retry"].ToString(), response.Headers["x-turn-id"].ToString()));
    }

    [Theory]
    [InlineData(false, "true")]
    [InlineData(true, "false")]
    public async Task Of_TurnThatFailed_MayBeSentAgainOnlyAsANewTurn(bool isKeyed, string mayRetry)
    {
        var (problem, response) = await AnswerAsync(TurnStatus.Failed, ProblemCatalogue.ModelOverloaded("Busy."), isKeyed);

        Assert.Equal(ProblemCodes.ModelOverloaded, problem.Code);
        Assert.Equal(mayRetry, response.Headers["x-should-retry"].ToString());
    }

    private static async Task<(Problem Problem, HttpResponse Response)> AnswerAsync(TurnStatus status, Problem? problem, bool isKeyed)
    {
        var turn = new TurnRecord
        {
            SessionId = SessionId.Parse("s"),
            TurnId = TurnId.Parse("t"),
            Status = status,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = DateTimeOffset.UnixEpoch },
            Problem = problem,
        };
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var end = ChatEnd.Of(turn, isKeyed);
        await new OpenAiErrorResult(end.Problem!, mayRetry: end.MayRetry) { Turn = turn }.ExecuteAsync(http);
        return (end.Problem!, http.Response);
    }
}
