using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>The real CLI's conversation after tries that failed: the model is shown a prompt once, in the request that answers it and ever after.</summary>
[Trait("Category", "EndToEnd")]
public sealed class RetriedPromptTests
{
    private const string Session = "room:1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The CLI asks twice in a try.
    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData("status=500 times=2", "stream-json")]
    [InlineData("status=529 times=4", "stream-json")]
    [InlineData("status=429 times=2", "stream-json")]
    [InlineData("drop=beforeHeaders times=2", "stream-json")]
    [InlineData("drop=midStream times=3", "stream-json")]
    [InlineData("status=500 times=4", "one-shot")]
    [InlineData("drop=beforeHeaders times=2", "one-shot")]
    public async Task Failures_of_the_model_leave_one_copy(string directive, string transport)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", $"Profiles:default:Transports:0={transport}");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");

        var retried = await cluster.RunAsync(host, Session, "t2", $"remember size=huge {{{{model: {directive}}}}}");

        Assert.True(retried.Attempts[0].Tries.Count > 1);
        await AssertOneCopyAsync(cluster, host, retried);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Failure_of_a_conversations_first_turn_leaves_one_copy()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        var first = await cluster.RunAsync(host, Session, "t1", "remember colour=teal {{model: status=500 times=2}}");
        var next = await cluster.RunAsync(host, Session, "t2", "recall colour");

        Assert.Equal(("[1] remembered colour", "[2] teal"), (first.Reply?.Text, next.Reply?.Text));
        Assert.Equal([$"The model was asked again after an error: The model failed ({ProblemCodes.ModelError})."], first.Reply!.Notices);
        Assert.Empty(next.Reply!.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Process_that_is_killed_in_the_turn_leaves_one_copy()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");
        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, "t2", "remember size=huge {{model: delay=60s times=1}}"));
        await cluster.Model.WaitForRequestAsync(asked => asked.Turns == 2, Cancellation);

        (await cluster.ReadProcessAsync(Session)).Kill();

        await AssertOneCopyAsync(cluster, host, await cluster.EndAsync(Session, "t2"));
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData("one-shot")]
    [InlineData("api")]
    public async Task Turn_that_stands_still_and_is_given_to_the_next_transport_leaves_one_copy(string next)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync(
            "host-1",
            "TurnIdle=00:00:08",
            "Profiles:default:Transports:0=stream-json",
            $"Profiles:default:Transports:1={next}",
            "Profiles:default:ApiModel=claude-sonnet-4-5");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");

        var retried = await cluster.RunAsync(host, Session, "t2", "remember size=huge {{model: delay=60s times=1}}");

        Assert.Equal([ProblemCodes.TurnTimedOut, null], retried.Attempts[0].Tries.Select(tried => tried.Problem?.Code));
        await AssertOneCopyAsync(cluster, host, retried);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Further_attempts_on_the_same_host_and_on_another_leave_one_copy()
    {
        await using var cluster = await HostCluster.StartAsync();
        string[] once = ["Profiles:default:MaxRetries=0"];
        var (first, second) = (await cluster.AddHostAsync("host-1", once), await cluster.AddHostAsync("host-2", once));
        const string Prompt = "remember size=huge {{model: status=500 times=6}}";
        await cluster.RunAsync(first, Session, "t1", "remember colour=teal");
        await cluster.SavedAsync(Session, "t1");

        await cluster.RunAsync(first, Session, "t2", Prompt);
        await cluster.RunAgainAsync(first, Session, "t2", Prompt, epoch: 1);
        await cluster.RunAgainAsync(second, Session, "t2", Prompt, epoch: 2);
        var retried = await cluster.RunAgainAsync(second, Session, "t2", Prompt, epoch: 2);

        Assert.Equal(
            [ProblemCodes.ModelError, ProblemCodes.ModelError, ProblemCodes.ModelError, null],
            retried.Attempts.Select(attempt => attempt.Problem?.Code));
        await AssertOneCopyAsync(cluster, second, retried, epoch: 2);
        await cluster.SavedAsync(Session, "t4");
        Assert.Equal("[5] huge", (await cluster.RunAsync(first, Session, "t5", "recall size", epoch: 3)).Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_that_fails_for_good_leaves_one_copy_too()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");

        var failed = await cluster.RunAsync(host, Session, "t2", "remember size=huge {{model: status=500}}");
        var next = await cluster.RunAsync(host, Session, "t3", "recall colour");

        Assert.Equal(3, failed.Attempts[0].Tries.Count);
        Assert.Equal("[3] teal", next.Reply?.Text);
    }

    [Fact(Timeout = 4 * TestTimeouts.DefaultMilliseconds)]
    public async Task Rate_limit_that_never_ends_is_told_as_one_however_often_the_turn_is_tried()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:MaxRetries=0");
        const string Prompt = "remember size=huge {{model: status=429 retryAfter=1}}";
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");

        var failed = await cluster.RunAsync(host, Session, "t2", Prompt);
        while (failed.Attempts.Count < 18)
        {
            failed = await cluster.RunAgainAsync(host, Session, "t2", Prompt, epoch: 1);
        }

        Assert.All(failed.Attempts, attempt => Assert.Equal(ProblemCodes.ModelRateLimited, attempt.Problem?.Code));
        Assert.All(failed.Attempts, attempt => Assert.True(attempt.Problem?.RetryAfterSeconds > 0));
        Assert.All(cluster.Model.Requests.Skip(1), request => Assert.Equal(2, request.Turns));
    }

    private static async Task AssertOneCopyAsync(HostCluster cluster, RunningHost host, TurnRecord retried, long epoch = 1)
    {
        Assert.Equal("[2] remembered size", retried.Reply?.Text);
        Assert.Equal(2, cluster.Model.Requests[^1].Turns);
        var back = await cluster.RunAsync(host, Session, "t3", "what did I say 1 turns ago?", epoch);
        var first = await cluster.RunAsync(host, Session, "t4", "what did I say 3 turns ago?", epoch);
        Assert.Equal(("[3] remember size=huge", "[4] remember colour=teal"), (back.Reply?.Text, first.Reply?.Text));
    }
}
