using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

public sealed class TurnVerdictTests
{
    [Theory]
    [InlineData(false, "completed", null, null, null)]
    [InlineData(false, null, null, null, null)]
    [InlineData(false, "aborted_tools", null, null, ProblemCodes.Interrupted)]
    [InlineData(true, "aborted_streaming", null, null, ProblemCodes.Interrupted)]
    [InlineData(true, "blocking_limit", null, null, ProblemCodes.ContextTooLong)]
    [InlineData(true, "max_turns", null, null, ProblemCodes.ModelCallLimit)]
    [InlineData(true, "budget_exhausted", null, null, ProblemCodes.ModelBudgetSpent)]
    [InlineData(true, "prompt_too_long", 400, "invalid_request", ProblemCodes.ContextTooLong)]
    [InlineData(true, "image_error", 413, "invalid_request", ProblemCodes.ModelRequestRejected)]
    [InlineData(true, "api_error", null, "server_error", ProblemCodes.ModelUnreachable)]
    [InlineData(true, "api_error", null, "max_output_tokens", ProblemCodes.AnswerTooLong)]
    [InlineData(true, "api_error", 400, null, ProblemCodes.ModelRequestRejected)]
    [InlineData(true, "api_error", 401, null, ProblemCodes.ModelAuthentication)]
    [InlineData(true, "api_error", 403, null, ProblemCodes.ModelAuthentication)]
    [InlineData(true, "api_error", 429, null, ProblemCodes.ModelRateLimited)]
    [InlineData(true, "api_error", 500, null, ProblemCodes.ModelError)]
    [InlineData(true, "api_error", 503, null, ProblemCodes.ModelOverloaded)]
    [InlineData(true, "api_error", 529, "server_error", ProblemCodes.ModelOverloaded)]
    [InlineData(true, "api_error", null, "authentication_failed", ProblemCodes.ModelAuthentication)]
    [InlineData(true, "api_error", null, "rate_limit", ProblemCodes.ModelRateLimited)]
    [InlineData(true, "api_error", null, null, ProblemCodes.ModelError)]
    [InlineData(true, null, null, null, ProblemCodes.ModelError)]
    public void Judge_Result_HasItsProblem(bool isError, string? reason, int? status, string? kind, string? code)
    {
        var result = new CliMessage.Result { IsError = isError, TerminalReason = reason, ApiErrorStatus = status, Subtype = "success", Text = "text" };

        Assert.Equal(code, TurnVerdict.Judge(result, kind, retry: null)?.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judge_RefusalOfTheModel_IsNamedWhateverElseIsSaid(bool isError)
    {
        var result = new CliMessage.Result { IsError = isError, TerminalReason = "api_error", StopReason = "refusal" };

        Assert.Equal(ProblemCodes.ModelRefused, TurnVerdict.Judge(result, "invalid_request", null)!.Code);
    }

    [Fact]
    public void Judge_RateLimitAfterAPause_NamesThePause()
    {
        var result = new CliMessage.Result { IsError = true, TerminalReason = "api_error", ApiErrorStatus = 429 };
        var retry = new CliMessage.ApiRetry(1, TimeSpan.FromSeconds(32.2), 429, "rate_limit");

        Assert.Equal(33, TurnVerdict.Judge(result, "rate_limit", retry)!.RetryAfterSeconds);
    }

    [Fact]
    public void Judge_RateLimitThatTheCliDidNotWaitFor_NamesTheLeastThatItCanBe()
    {
        var result = new CliMessage.Result { IsError = true, TerminalReason = "api_error", ApiErrorStatus = 429 };

        Assert.Equal(60, TurnVerdict.Judge(result, "rate_limit", null)!.RetryAfterSeconds);
    }

    [Theory]
    [InlineData(429, ProblemCodes.ModelRateLimited)]
    [InlineData(529, ProblemCodes.ModelOverloaded)]
    [InlineData(null, ProblemCodes.ModelUnreachable)]
    public void Judge_PauseThatIsTooLong_NamesItsReasonAndLength(int? status, string code)
    {
        var problem = TurnVerdict.Judge(new CliMessage.ApiRetry(1, TimeSpan.FromSeconds(45), status, null));

        Assert.Equal((code, 45), (problem.Code, problem.RetryAfterSeconds));
    }

    [Fact]
    public void Judge_LongErrorText_IsShortened()
    {
        var result = new CliMessage.Result { IsError = true, Text = new string('a', 10_000) };

        Assert.Equal(500, TurnVerdict.Judge(result, null, null)!.Detail!.Length);
    }
}
