using System.Text.Json;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>What becomes of the CLI's questions, also when they are not asked to order.</summary>
public sealed class PermissionTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_Allowed_CarriesTheInputBack()
    {
        await using var fake = await FakeProcess.StartAsync();
        var observer = new RecordingObserver { OnQuestion = (_, _) => Decided(new PermissionDecision.Allow()) };

        Assert.Equal("""allowed {"file_path":"f"}""", await TextAsync(fake.RunAsync(observer, "ask")));
        var question = Assert.Single(observer.Questions);
        Assert.Equal(("Write", "f", "toolu_1"), (question.ToolName, question.Description, question.ToolUseId));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_AllowedWithAnotherInput_CarriesThatOne()
    {
        await using var fake = await FakeProcess.StartAsync();
        var changed = new PermissionDecision.Allow(JsonElement.Parse("""{"answers":{"a":"b"}}"""));

        var text = await TextAsync(fake.RunAsync(new RecordingObserver { OnQuestion = (_, _) => Decided(changed) }, "ask"));

        Assert.Equal("""allowed {"answers":{"a":"b"}}""", text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_NobodyThere_IsDenied()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.StartsWith("denied ", await fake.RunForTextAsync("ask"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_ObserverThatBreaks_IsDenied()
    {
        await using var fake = await FakeProcess.StartAsync();
        var observer = new RecordingObserver { OnQuestion = (_, _) => throw new InvalidOperationException("broken") };

        Assert.StartsWith("denied ", await TextAsync(fake.RunAsync(observer, "ask")), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_OpenForLongerThanTheIdleLimit_KeepsTheTurn()
    {
        await using var fake = await FakeProcess.StartAsync();
        Assert.Equal("warm", await fake.RunForTextAsync("say warm"));
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromSeconds(3) };
        var observer = new RecordingObserver
        {
            OnQuestion = async (_, cancellationToken) =>
            {
                await Task.Delay(bounds.Idle * 1.5, TimeProvider.System, cancellationToken);
                return new PermissionDecision.Allow();
            },
        };

        Assert.StartsWith("allowed", await TextAsync(fake.RunAsync(Guid.NewGuid(), bounds, observer, "ask")), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_OpenAtTheTurnsLimit_EndsWithTheTurn()
    {
        await using var fake = await FakeProcess.StartAsync();
        var bounds = FakeProcess.Bounds with { Max = TimeSpan.FromSeconds(1) };
        var observer = new RecordingObserver { OnQuestion = WaitForeverAsync };

        var outcome = await fake.RunAsync(Guid.NewGuid(), bounds, observer, "ask");

        Assert.IsType<TurnOutcome.Failed>(outcome);
        Assert.Equal("alive", await fake.RunForTextAsync("say alive"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_Withdrawn_IsNotAnswered()
    {
        await using var fake = await FakeProcess.StartAsync();
        var withdrawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var observer = new RecordingObserver
        {
            OnQuestion = async (question, cancellationToken) =>
            {
                try
                {
                    return await WaitForeverAsync(question, cancellationToken);
                }
                finally
                {
                    withdrawn.SetResult();
                }
            },
        };

        using var stopping = new CancellationTokenSource();
        var running = fake.Process.RunAsync(Guid.NewGuid(), FakeProcess.Prompt("ask\nwithdraw"), FakeProcess.Bounds, observer, stopping.Token);
        await Task.WhenAny(withdrawn.Task, running).WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(withdrawn.Task.IsCompleted, running.IsCompleted ? $"{await running}" : null);

        // An answer would have ended the fake's turn before the interruption does.
        await stopping.CancelAsync();
        Assert.IsType<TurnOutcome.Failed>(await running);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_AskedTwiceOrTooOften_IsRefusedAtOnce()
    {
        await using var fake = await FakeProcess.StartAsync();
        var observer = new RecordingObserver { OnQuestion = WaitForeverAsync };

        Assert.Equal("refused", await TextAsync(fake.RunAsync(observer, "ask", "ask")));
        Assert.Equal("refused", await TextAsync(fake.RunAsync(observer, "ask-again 40")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Questions_InAFloodWithoutReadingTheAnswers_EndTheProcess()
    {
        await using var fake = await FakeProcess.StartAsync();

        var exit = Assert.IsType<TurnOutcome.ProcessEnded>(await fake.RunAsync("ask-again 100000", "hang")).Exit;

        Assert.Equal(137, exit.ExitCode);
    }

    private static Task<PermissionDecision> Decided(PermissionDecision decision) => Task.FromResult(decision);

    private static async Task<PermissionDecision> WaitForeverAsync(PermissionQuestion question, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException("It was to wait for ever.");
    }

    private static async Task<string> TextAsync(Task<TurnOutcome> run) => Assert.IsType<TurnOutcome.Completed>(await run).Answer.Text;
}
