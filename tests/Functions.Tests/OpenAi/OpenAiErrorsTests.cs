using System.Reflection;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class OpenAiErrorsTests
{
    public static TheoryData<string> Codes =>
        [.. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Of_EveryProblem_HasTheShapeOfThisApi(string code)
    {
        var problem = new Problem(code, "Title", 422, Retryable: false, "Detail.");

        var error = OpenAiErrors.Of(problem, null).Error;

        Assert.Equal(("Title. Detail.", code), (error.Message, error.Problem));
        Assert.Contains(error.Type, (string[])["invalid_request_error", "rate_limit_error", "insufficient_quota", "server_error"]);
        Assert.NotEmpty(error.Code);
        Assert.InRange(OpenAiErrors.StatusOf(problem), 400, 599);
    }

    [Theory]
    [InlineData(ProblemCodes.Unauthorized, 401, "invalid_request_error", "invalid_api_key", null)]
    [InlineData(ProblemCodes.UnknownProfile, 404, "invalid_request_error", "model_not_found", "model")]
    [InlineData(ProblemCodes.ContextTooLong, 400, "invalid_request_error", "context_length_exceeded", "messages")]
    [InlineData(ProblemCodes.SessionQueueFull, 429, "rate_limit_error", "rate_limit_exceeded", null)]
    [InlineData(ProblemCodes.ModelRateLimited, 429, "rate_limit_error", "rate_limit_exceeded", null)]
    [InlineData(ProblemCodes.ModelBudgetSpent, 429, "insufficient_quota", "insufficient_quota", null)]
    [InlineData(ProblemCodes.ModelRefused, 400, "invalid_request_error", "content_filter", "messages")]
    public void Of_WhatClientsKnow_IsSaidInTheirWords(string code, int status, string type, string word, string? param)
    {
        var problem = new Problem(code, "Title", 422, Retryable: false);

        var error = OpenAiErrors.Of(problem, null).Error;

        Assert.Equal((status, type, word, param), (OpenAiErrors.StatusOf(problem), error.Type, error.Code, error.Param));
    }

    [Theory]
    [InlineData(502, "server_error")]
    [InlineData(409, "invalid_request_error")]
    public void Of_OtherProblems_KeepTheirStatusAndCode(int status, string type)
    {
        var problem = new Problem("some_code", "Title", status, Retryable: true);

        var error = OpenAiErrors.Of(problem, "part").Error;

        Assert.Equal((status, type, "some_code", "part"), (OpenAiErrors.StatusOf(problem), error.Type, error.Code, error.Param));
    }

    [Theory]
    [InlineData(true, null, "true")]
    [InlineData(false, null, "false")]
    [InlineData(true, false, "false")]
    public async Task Result_SaysWhetherToSendTheRequestAgain(bool retryable, bool? mayRetry, string expected)
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await new OpenAiErrorResult(new Problem("c", "T", 429, retryable, RetryAfterSeconds: 5), mayRetry: mayRetry).ExecuteAsync(http);

        Assert.Equal((429, expected, "5"), (http.Response.StatusCode, http.Response.Headers["x-should-retry"].ToString(), http.Response.Headers.RetryAfter.ToString()));
        http.Response.Body.Position = 0;
        var body = await JsonSerializer.DeserializeAsync(http.Response.Body, OpenAiJsonContext.Default.ErrorBody, TestContext.Current.CancellationToken);
        Assert.Equal("c", body!.Error.Problem);
    }
}
