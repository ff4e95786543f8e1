using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Cli.Tests.Conversation;

/// <summary>Listening against a front of a few lines.</summary>
public sealed class FrontEventsTests : IAsyncLifetime
{
    private const string Delta = "id: 1\nevent: delta\ndata: {\"text\":\"fo\"}\n\n";
    private const string Unknown = "id: 2\nevent: of-a-later-version\ndata: {}\n\n";
    private const string Completed = "id: end\nevent: completed\ndata: {\"reply\":{\"text\":\"four\",\"transport\":\"stream-json\"}}\n\n";

    private readonly List<string?> _askedFrom = [];
    private readonly Queue<RequestDelegate> _answers = new();
    private SmallFront _front = null!;
    private string _decided = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _front = await SmallFront.StartAsync(front =>
        {
            front.MapGet("/api/sessions/{session}/turns/{turn}/events", context =>
            {
                _askedFrom.Add(context.Request.Headers["Last-Event-ID"].FirstOrDefault());
                return _answers.Dequeue()(context);
            });
            front.MapPost("/api/sessions/{session}/permissions/{request}", async (string session, string request, HttpRequest body) =>
            {
                _decided = $"{session} {request} {await new StreamReader(body.Body).ReadToEndAsync(Cancellation)}";
                return request == "late" ? Refusal(ProblemCatalogue.PermissionSettled("denied")) : Results.NoContent();
            });
        });

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatCompletes_EndsWithIt()
    {
        _answers.Enqueue(context => context.Response.WriteAsync(Delta + Unknown + Completed, Cancellation));

        var heard = await ListenAsync();

        Assert.Equal(new TurnEvent.Delta("fo"), heard[0]);
        Assert.Equal("four", Assert.IsType<TurnEvent.Completed>(heard[1]).Reply.Text);
        Assert.Equal(2, heard.Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_FrontThatGoesAwayAndComesBack_IsAskedFromTheLastEvent()
    {
        _answers.Enqueue(context => context.Response.WriteAsync(Delta + Unknown, Cancellation));
        _answers.Enqueue(context => Refusal(ProblemCatalogue.ShuttingDown()).ExecuteAsync(context));
        _answers.Enqueue(async context =>
        {
            await context.Response.WriteAsync(": still here\n\n", Cancellation);
            await context.Response.Body.FlushAsync(Cancellation);
            context.Abort();
        });
        _answers.Enqueue(context => context.Response.WriteAsync(Completed, Cancellation));

        var heard = await ListenAsync();

        Assert.Equal([null, "2", "2", "2"], _askedFrom);
        Assert.Equal(2, heard.Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_UnknownTurn_IsTheProblem()
    {
        _answers.Enqueue(context => Refusal(ProblemCatalogue.TurnNotFound()).ExecuteAsync(context));

        var exception = await Assert.ThrowsAsync<CommandException>(ListenAsync);

        Assert.Contains(ProblemCodes.TurnNotFound, exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Decide_Answer_GoesToItsQuestion()
    {
        await _front.Client.DecideAsync("a:b", "r1", new PermissionAnswer { Decision = PermissionVerdict.Deny, Message = "no" }, Cancellation);

        Assert.Equal("""a:b r1 {"decision":"deny","message":"no","interrupt":false}""", _decided);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Decide_TooLate_IsTheProblem()
    {
        var answer = new PermissionAnswer { Decision = PermissionVerdict.Allow };

        var exception = await Assert.ThrowsAsync<CommandException>(() => _front.Client.DecideAsync("s", "late", answer, Cancellation));

        Assert.Contains(ProblemCodes.PermissionSettled, exception.Message, StringComparison.Ordinal);
    }

    private static IResult Refusal(Problem problem) =>
        Results.Json(problem, ContractsJsonContext.Default.Problem, statusCode: problem.Status);

    private async Task<List<TurnEvent>> ListenAsync()
    {
        List<TurnEvent> heard = [];
        await foreach (var turnEvent in _front.Client.ListenAsync("s", "t", Cancellation))
        {
            heard.Add(turnEvent);
        }

        return heard;
    }
}
