using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Cli.Tests.Conversation;

/// <summary>The client against a front of three lines.</summary>
public sealed class FrontClientTests : IAsyncLifetime
{
    private readonly TurnTimings _timings = new() { CreatedAt = DateTimeOffset.UnixEpoch };
    private SmallFront _front = null!;
    private RequestDelegate _submit = _ => Task.CompletedTask;
    private int _asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _front = await SmallFront.StartAsync(front =>
        {
            front.MapPost("/api/sessions/{session}/turns", context => _submit(context));
            front.MapGet("/api/sessions/{session}/turns/{turn}", (string session, string turn) => Json(
                Turn(session, turn, Interlocked.Increment(ref _asked) < 3 ? TurnStatus.Running : TurnStatus.Completed)));
        });

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Ask_TurnThatOutlastsTheWait_IsAskedForUntilItsEnd()
    {
        var seen = "";
        _submit = context =>
        {
            seen = $"{context.Request.Headers["x-functions-key"]} {context.Request.Headers["Prefer"]} {context.Request.RouteValues["session"]}";
            return Json(Turn("a:b", "t", TurnStatus.Running)).ExecuteAsync(context);
        };

        var turn = await _front.Client.AskAsync("a:b", new SubmitTurnRequest { Prompt = "hi" }, Cancellation);

        Assert.Equal("the-key wait=60 a:b", seen);
        Assert.Equal((TurnStatus.Completed, 3), (turn.Status, _asked));
    }

    [Fact]
    public async Task Submit_Refused_IsTheProblemInOneLine()
    {
        var problem = new Problem("queue_full", "The queue is full", 429, Retryable: true, "Try again in 2 s.");
        _submit = context => Results.Json(problem, ContractsJsonContext.Default.Problem, statusCode: 429).ExecuteAsync(context);

        var exception = await Assert.ThrowsAsync<CommandException>(() => _front.Client.SubmitAsync("s", new SubmitTurnRequest(), wait: false, Cancellation));

        Assert.Equal("The queue is full (queue_full): Try again in 2 s.", exception.Message);
    }

    [Fact]
    public async Task Submit_AnswerThatIsNoProblem_IsItsStatus()
    {
        _submit = context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("who are you?");
        };

        var exception = await Assert.ThrowsAsync<CommandException>(() => _front.Client.SubmitAsync("s", new SubmitTurnRequest(), wait: false, Cancellation));

        Assert.Contains("401", exception.Message, StringComparison.Ordinal);
    }

    private TurnResource Turn(string session, string turn, TurnStatus status) =>
        new() { SessionId = session, TurnId = turn, Status = status, Timings = _timings };

    private static IResult Json(TurnResource turn) => Results.Json(turn, ContractsJsonContext.Default.TurnResource);
}
