using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Tests.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Transports.Api;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transports;

public sealed class ApiTransportTests : IAsyncLifetime
{
    private static readonly TurnBounds s_bounds = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(5));

    private readonly TempDirectory _folder = new();
    private readonly SocketsHttpHandler _handler = new();
    private readonly NoProcess _process = new();
    private LoopbackModelServer _model = null!;
    private SessionFolders _folders = null!;
    private UntoldExchanges _untold = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), TestContext.Current.CancellationToken);
        _folders = new SessionFolders(_folder.Combine("work"), RouteId.NewRouteId());
        _untold = new UntoldExchanges(_folders.Exchanges);
    }

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _handler.Dispose();
        _folder.Dispose();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_Turns_AreStreamedAndRemembered()
    {
        var observer = new RecordingObserver();
        await RunAsync("t1", "remember colour=teal");

        var second = await RunAsync("t2", "recall colour", observer);

        var answer = Assert.IsType<TurnOutcome.Completed>(second.Outcome).Answer;
        Assert.Equal("[2] teal", answer.Text);
        Assert.Equal("[2] teal", observer.Text);
        Assert.True(answer.Usage is { InputTokens: > 0, OutputTokens: > 0 });
        Assert.NotNull(answer.ModelMs);
        Assert.Null(second.Process);
        Assert.False(second.ToolsUsed);
        Assert.Equal(2, _process.Cleared);
        Assert.Equal(["t1", "t2"], (await new UntoldExchanges(_folders.Exchanges).ReadAsync()).Select(exchange => exchange.TurnId));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_TurnThatWasAnsweredBeforeTheHostWasLost_IsNotAskedAgain()
    {
        var first = await RunAsync("t1", "blue whale");
        _untold.Forget();

        var again = await RunAsync("t1", "blue whale");

        Assert.Equal(
            Assert.IsType<TurnOutcome.Completed>(first.Outcome).Answer.Text,
            Assert.IsType<TurnOutcome.Completed>(again.Outcome).Answer.Text);
        Assert.Contains(TurnDelivery.RecoveredNotice, again.Notices);
        Assert.Single(_model.Requests);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_RateLimit_TellsWhenItEnds()
    {
        var problems = new List<Problem>();
        foreach (var directive in (string[])["status=429 retryAfter=7", "status=429 reset=90", "status=429"])
        {
            problems.Add(Assert.IsType<TurnOutcome.Failed>((await RunAsync("t-" + directive.Length, $"x {{{{model: {directive}}}}}")).Outcome).Problem);
        }

        Assert.All(problems, problem => Assert.Equal(ProblemCodes.ModelRateLimited, problem.Code));
        Assert.Equal(7, problems[0].RetryAfterSeconds);
        Assert.InRange(problems[1].RetryAfterSeconds!.Value, 80, 90);
        Assert.Null(problems[2].RetryAfterSeconds);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_Stopped_IsInterrupted()
    {
        using var stopping = new CancellationTokenSource();
        var running = RunAsync("t1", "x {{model: delay=60s}}", stopping: stopping);
        await _model.WaitForRequestAsync(_ => true, TestContext.Current.CancellationToken);

        await stopping.CancelAsync();

        Assert.Equal(ProblemCodes.Interrupted, Assert.IsType<TurnOutcome.Failed>((await running).Outcome).Problem.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_NobodyListening_IsUnreachable()
    {
        await _model.DisposeAsync();

        var problem = Assert.IsType<TurnOutcome.Failed>((await RunAsync("t1", "x")).Outcome).Problem;

        Assert.Equal((ProblemCodes.ModelUnreachable, true), (problem.Code, problem.Retryable));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_NoKey_IsNotStarted()
    {
        var result = await RunAsync("t1", "x", credentials: new ApiCredentials());

        Assert.Equal(ProblemCodes.ModelAuthentication, Assert.IsType<TurnOutcome.NotStarted>(result.Outcome).Problem.Code);
        Assert.Empty(_model.Requests);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_Attachment_GoesAlong()
    {
        const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

        var result = await RunAsync("t1", "what is this?", attachment: new CheckedAttachment(AttachmentKind.Image, "pixel.png", "image/png", Pixel, 70));

        Assert.Equal("[1] what is this?", Assert.IsType<TurnOutcome.Completed>(result.Outcome).Answer.Text);
        Assert.Equal(1, _model.Requests[0].Messages);
    }

    private Task<TransportResult> RunAsync(
        string turnId,
        string prompt,
        ITurnObserver? observer = null,
        ApiCredentials? credentials = null,
        CancellationTokenSource? stopping = null,
        CheckedAttachment? attachment = null)
    {
        var known = ApiCredentials.From(new Dictionary<string, string>
        {
            ["ANTHROPIC_API_KEY"] = "test-key",
            ["ANTHROPIC_BASE_URL"] = _model.BaseUrl.ToString().TrimEnd('/'),
        });
        var turn = new TransportTurn
        {
            Prompt = new TurnPrompt(SessionId.Parse("a"), TurnId.Parse(turnId), prompt) { Attachments = attachment is null ? [] : [attachment] },
            Conversation = new ClaudeLaunch
            {
                Folders = _folders,
                ClaudeSessionId = Guid.NewGuid(),
                Profile = new ClaudeProfile { ApiModel = "claude-sonnet-4-5", SystemPrompt = "Answer." },
                HasHistory = false,
            },
            Observer = observer ?? SilentObserver.Instance,
            Process = _process,
            Untold = _untold,
        };
        return new ApiTransport(credentials ?? known, _handler, TimeProvider.System).RunAsync(turn, s_bounds, stopping?.Token ?? TestContext.Current.CancellationToken);
    }
}
