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
    [InlineData(true, "max_turns", null, null, ProblemCodes.ModelRequestRejected)]
    [InlineData(true, "budget_exhausted", null, null, ProblemCodes.ModelRequestRejected)]
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

        Assert.Equal(code, TurnVerdict.Judge(result, kind)?.Code);
    }

    [Fact]
    public void Judge_LongErrorText_IsShortened()
    {
        var result = new CliMessage.Result { IsError = true, Text = new string('a', 10_000) };

        Assert.Equal(500, TurnVerdict.Judge(result, null)!.Detail!.Length);
    }
}
