using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>How a process is held to its part when it behaves as the real one does not, or not to order.</summary>
public sealed class ClaudeProcessTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ChattyStandardError_DoesNotHoldTheTurnUp()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("done", await fake.RunForTextAsync("stderr 400000", "say done"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_LinesThatAreNoMessages_AreCountedAndPassedOver()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("done", await fake.RunForTextAsync("print not json", "print {\"type\":\"result\"", "print {\"type\":\"novelty\"}", "print [[[[", "say done"));
        Assert.Equal(4, fake.Process.UnusableLines);
        Assert.Equal("again", await fake.RunForTextAsync("say again"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_LineOverTheCap_IsDroppedAndTheNextIsWhole()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("done", await fake.RunForTextAsync($"print-long {CliProcess.MaxLineBytes + 1_000_000}", "say done"));
        Assert.Equal(1, fake.Process.UnusableLines);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_LongAnswer_ArrivesWhole()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal(5_000_000, (await fake.RunForTextAsync("say-long 5000000")).Length);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ExitInMidTurn_TellsTheCodeAndTheLastWords()
    {
        await using var fake = await FakeProcess.StartAsync();

        var exit = Assert.IsType<TurnOutcome.ProcessEnded>(await fake.RunAsync("stderr 200", "exit 3")).Exit;

        Assert.Equal(3, exit.ExitCode);
        Assert.Equal(2, exit.StandardErrorTail.Count);
        Assert.StartsWith("exit code 3: eee", exit.Describe(), StringComparison.Ordinal);
        Assert.IsType<TurnOutcome.ProcessEnded>(await fake.RunAsync("say too late"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_NoResultAndNoOutput_IsInterruptedAndTheProcessGoesOn()
    {
        await using var fake = await FakeProcess.StartAsync();
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromMilliseconds(300) };

        var problem = Assert.IsType<TurnOutcome.Failed>(await fake.RunAsync(bounds, "print {}")).Problem;

        Assert.Equal(ProblemCodes.TurnTimedOut, problem.Code);
        Assert.Equal("alive", await fake.RunForTextAsync("say alive"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_HangingProcess_IsKilledAfterTheGrace()
    {
        await using var fake = await FakeProcess.StartAsync();
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromMilliseconds(300), InterruptGrace = TimeSpan.FromMilliseconds(300) };

        var exit = Assert.IsType<TurnOutcome.ProcessEnded>(await fake.RunAsync(bounds, "hang")).Exit;

        Assert.Equal(137, exit.ExitCode);
        Assert.False(fake.Process.IsAlive);
        Assert.False(fake.Process.Identity.IsAlive());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_PromptThatTheProcessDoesNotRead_EndsInTheIdleLimit()
    {
        await using var fake = await FakeProcess.StartAsync();
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromMilliseconds(500), InterruptGrace = TimeSpan.FromMilliseconds(300) };
        Assert.Equal("now deaf", await fake.RunForTextAsync("say now deaf", "hang"));

        var outcome = await fake.RunAsync(bounds, "say " + new string('a', 1_000_000));

        Assert.IsType<TurnOutcome.ProcessEnded>(outcome);
        Assert.False(fake.Process.IsAlive);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_StoppedWhileTheProcessReadsItsPrompt_LeavesItUsable()
    {
        await using var fake = await FakeProcess.StartAsync();
        using var folder = new TempDirectory();
        using var stopping = new CancellationTokenSource();
        var gate = folder.Combine("go");
        Assert.Equal("busy", await fake.RunForTextAsync("say busy", $"wait-for {gate}"));
        var bounds = FakeProcess.Bounds with { InterruptGrace = FakeProcess.Bounds.Idle };
        var running = fake.Process.RunAsync(Guid.NewGuid(), FakeProcess.Prompt("say " + new string('a', 1_000_000)), bounds, SilentObserver.Instance, stopping.Token);

        await stopping.CancelAsync();
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);

        Assert.IsNotType<TurnOutcome.ProcessEnded>(await running);
        Assert.Equal("next", await fake.RunForTextAsync("say next"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_SameMessageTwice_IsNotSentAgain()
    {
        await using var fake = await FakeProcess.StartAsync();
        var id = Guid.NewGuid();

        await fake.RunAsync(id, FakeProcess.Bounds, SilentObserver.Instance, "say once");
        var second = await fake.RunAsync(id, FakeProcess.Bounds, SilentObserver.Instance, "say twice");

        Assert.IsType<TurnOutcome.Repeated>(second);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ResultOfAnotherMessage_DoesNotEndTheTurn()
    {
        await using var fake = await FakeProcess.StartAsync();

        var text = await fake.RunForTextAsync("""print {"type":"result","is_error":false,"result":"foreign","user_message_uuids":["x"]}""", "say mine");

        Assert.Equal("mine", text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_ProcessThatIgnoresEndOfInputAndSigterm_IsKilled()
    {
        await using var fake = await FakeProcess.StartAsync();
        await fake.RunAsync("ignore-stop", "say stubborn");
        var bounds = new CliStopBounds(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300));

        var exit = await fake.Process.StopAsync(bounds);

        Assert.Equal(137, exit.ExitCode);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_ChildThatLeftTheGroup_IsKilledWithTheProcess()
    {
        await using var fake = await FakeProcess.StartAsync();
        await fake.RunAsync("leave-child 300", "say gone");
        var mark = fake.Process.Identity.Mark;
        await Eventually.BecomesTrueAsync(() => ProcessFamily.FindMarked(mark).Count() == 2, TestContext.Current.CancellationToken);

        var exit = await fake.Process.StopAsync(new CliStopBounds(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)));

        Assert.Equal(0, exit.ExitCode);
        Assert.Empty(ProcessFamily.FindMarked(mark));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_ProcessThatEndsAtOnce_TellsWhy()
    {
        await using var fake = new FakeProcess();

        var detail = Assert.IsType<ClaudeStart.Failed>(await fake.TryStartAsync("refuse")).Detail;

        Assert.Contains("this installation is broken", detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_MissingBinary_FailsAndDoesNotThrow()
    {
        await using var fake = new FakeProcess();

        var detail = Assert.IsType<ClaudeStart.Failed>(await fake.TryStartAsync("", "no-such-claude")).Detail;

        Assert.Contains("127", detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_ConversationIdInUse_IsToldApart()
    {
        await using var fake = new FakeProcess();

        Assert.IsType<ClaudeStart.ConversationExists>(await fake.TryStartAsync("in-use"));
    }
}
