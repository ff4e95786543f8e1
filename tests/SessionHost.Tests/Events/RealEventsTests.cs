using System.Text.Json.Nodes;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Events;

/// <summary>Listeners in front of the real CLI.</summary>
[Trait("Category", "EndToEnd")]
public sealed class RealEventsTests
{
    private const string Relay = "Profiles:default:Permissions=relay";
    private const string Tools = "Profiles:default:Tools=Write,AskUserQuestion,Bash";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_answer_is_streamed_while_it_is_written()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await StartAsync(cluster, host, "t1", "repeat 100 words {{model: chunkDelay=1s}}");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        await listener.UntilAsync<TurnEvent.Delta>();
        var stateAtFirstText = (await host.FindAsync("a", "t1"))!.State;
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal(HostTurnState.Running, stateAtFirstText);
        Assert.Equal(completed.Reply.Text, listener.Text);
        Assert.InRange(listener.Events.OfType<TurnEvent.Delta>().Count(), 3, 200);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_tool_runs_when_somebody_allows_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (host, listener, asked) = await AskToWriteAsync(cluster);
        await using var listening = listener;

        using var answer = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal("Write", asked.ToolName);
        Assert.Equal("hello", asked.Input!.Value.GetProperty("content").GetString());
        Assert.Contains("File created successfully", completed.Reply.Text, StringComparison.Ordinal);
        var tools = listener.Events.OfType<TurnEvent.Tool>().ToList();
        Assert.Equal([ToolState.Started, ToolState.Ended], tools.Select(tool => tool.State));
        Assert.Equal(asked.ToolId, tools[0].Id);
        Assert.False(tools[1].IsError);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_tool_waits_until_the_turns_row_tells_of_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (failures, away) = (0, true);
        cluster.Turns.OnUpdate = turn =>
        {
            if (turn.ToolsUsed && Volatile.Read(ref away))
            {
                Interlocked.Increment(ref failures);
                throw new IOException("The turns are away.");
            }
        };
        var host = await cluster.AddHostAsync("host-1", Relay, Tools);
        await StartAsync(cluster, host, "t1", """call tool Write {"file_path":"note.txt","content":"hello"}""");
        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        var asked = listener.UntilAsync<TurnEvent.Permission>();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref failures) > 3, Cancellation);
        var askedTooEarly = asked.IsCompleted;

        Volatile.Write(ref away, false);
        await asked;

        Assert.False(askedTooEarly);
        Assert.True((await cluster.ReadAsync("a", "t1")).ToolsUsed);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_tool_that_somebody_denies_does_not_run_and_the_model_is_told_why()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (host, listener, asked) = await AskToWriteAsync(cluster);
        await using var listening = listener;

        using var answer = await host.DecideAsync("a", asked.RequestId, """{"decision":"deny","message":"not on a Friday"}""");
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Contains("not on a Friday", completed.Reply.Text, StringComparison.Ordinal);
        Assert.True(listener.Events.OfType<TurnEvent.Tool>().Last().IsError);
        Assert.Empty(Directory.EnumerateFiles(cluster.WorkPathOf(host), "note.txt", SearchOption.AllDirectories));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_denial_can_end_the_turn_and_the_process_goes_on()
    {
        await using var cluster = await HostCluster.StartAsync();
        cluster.InterruptGrace = new InterruptGrace(TestTimeouts.Default);
        var (host, listener, asked) = await AskToWriteAsync(cluster);
        await using var listening = listener;

        using var answer = await host.DecideAsync("a", asked.RequestId, """{"decision":"deny","message":"stop","interrupt":true}""");
        var failed = Assert.IsType<TurnEvent.Failed>(await listener.EndAsync());

        Assert.Equal(ProblemCodes.Interrupted, failed.Problem.Code);
        Assert.Equal(2, (await cluster.RunAsync(host, "a", "t2", "fine")).Attempts[0].Process!.Turn);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_question_of_the_model_is_answered_by_the_input_that_comes_back()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", Relay, Tools);
        await StartAsync(
            cluster,
            host,
            "t1",
            """call tool AskUserQuestion {"questions":[{"question":"Which colour?","header":"Colour","multiSelect":false,"options":[{"label":"Red","description":"r"},{"label":"Blue","description":"b"}]}]}""");
        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        var asked = await listener.UntilAsync<TurnEvent.Permission>();

        var input = JsonNode.Parse(asked.Input!.Value.GetRawText())!.AsObject();
        input["answers"] = new JsonObject { ["Which colour?"] = "Blue" };
        using var answer = await host.DecideAsync(
            "a",
            asked.RequestId,
            new JsonObject { ["decision"] = "allow", ["updatedInput"] = input }.ToJsonString());
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal("AskUserQuestion", asked.ToolName);
        Assert.Contains("\"Which colour?\"=\"Blue\"", completed.Reply.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_that_waits_for_a_decision_can_be_cancelled()
    {
        await using var cluster = await HostCluster.StartAsync();
        cluster.InterruptGrace = new InterruptGrace(TestTimeouts.Default);
        var (host, listener, asked) = await AskToWriteAsync(cluster);
        await using var listening = listener;

        using var cancel = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
        var failed = Assert.IsType<TurnEvent.Failed>(await listener.EndAsync());

        Assert.Equal(ProblemCodes.TurnCancelled, failed.Problem.Code);
        Assert.Contains(new TurnEvent.Permission(asked.RequestId, PermissionState.Withdrawn), listener.Events);
        Assert.Equal(2, (await cluster.RunAsync(host, "a", "t2", "fine")).Attempts[0].Process!.Turn);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("repeat 1000 words {{model: chunkDelay=100ms}}")]
    [InlineData("""call tool Bash {"command":"tail -f /dev/null"}""")]
    public async Task A_running_turn_can_be_cancelled_and_the_next_one_runs_in_the_same_process(string prompt)
    {
        await using var cluster = await HostCluster.StartAsync();
        cluster.InterruptGrace = new InterruptGrace(TestTimeouts.Default);
        var host = await cluster.AddHostAsync("host-1", Tools, "Profiles:default:AllowedTools:0=Bash");
        await StartAsync(cluster, host, "t1", prompt);
        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        await listener.UntilAsync<TurnEvent>(turnEvent => turnEvent is TurnEvent.Delta or TurnEvent.Tool);

        using var cancel = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
        var failed = Assert.IsType<TurnEvent.Failed>(await listener.EndAsync());
        var second = await cluster.RunAsync(host, "a", "t2", "fine");

        Assert.Equal(ProblemCodes.TurnCancelled, failed.Problem.Code);
        Assert.EndsWith("fine", second.Reply!.Text, StringComparison.Ordinal);
        Assert.Equal(2, second.Attempts[0].Process!.Turn);
    }

    private static async Task<(RunningHost Host, EventListener Listener, TurnEvent.Permission Asked)> AskToWriteAsync(HostCluster cluster)
    {
        var host = await cluster.AddHostAsync("host-1", Relay, Tools);
        await StartAsync(cluster, host, "t1", """call tool Write {"file_path":"note.txt","content":"hello"}""");
        var listener = await EventListener.OpenAsync(host, "a", "t1");
        return (host, listener, await listener.UntilAsync<TurnEvent.Permission>());
    }

    private static async Task StartAsync(HostCluster cluster, RunningHost host, string turnId, string prompt) =>
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", turnId, prompt));
}
