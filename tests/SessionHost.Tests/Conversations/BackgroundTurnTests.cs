using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>Work of the real CLI that outlives its turn, under a profile that allows it: what comes of it is a turn of its own.</summary>
[Trait("Category", "EndToEnd")]
public sealed class BackgroundTurnTests
{
    private const string Session = "room:1";
    private const string Wait = """call tool Bash {"command":"while ! test -e go; do sleep 0.1; done","description":"x","run_in_background":true}""";

    private static readonly string[] s_settings = ["Profiles:default:Background=true", "Profiles:default:Tools=Bash", "Profiles:default:AllowedTools:0=Bash"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Is_kept_counted_and_told_to_the_queue_of_the_turn_that_began_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, "t1", Wait, replyTo: "replies"));
        await cluster.EndAsync(Session, "t1");
        var before = await SavedAsync(cluster, 1);

        await GoAsync(cluster);
        var background = await FindAsync(cluster);
        await cluster.Callbacks.WaitAsync(background.TurnId.Value);
        var after = await SavedAsync(cluster, 2);

        Assert.Equal((TurnStatus.Completed, TurnOrigin.Background, "t1", "replies"), (background.Status, background.Origin, background.BegunBy?.Value, background.ReplyTo));
        Assert.Equal(("host-1", AttemptOutcome.Completed), (Assert.Single(background.Attempts).HostId, background.Attempts[0].Outcome));
        Assert.NotEmpty(background.Reply!.Text);
        Assert.True(background.Reply.CostUsd > 0);
        Assert.Equal(before.Totals.CostUsd + background.Reply.CostUsd, after.Totals.CostUsd);
        Assert.Equal(background.TurnId, after.TranscriptTurnId);
        Assert.True(after.TranscriptOffset > before.TranscriptOffset);
        Assert.Equal("t1", (await cluster.Turns.FindHeadAsync(SessionId.Parse(Session), Cancellation))?.TurnId.Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Goes_with_the_conversation_to_another_host()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1", s_settings), await cluster.AddHostAsync("host-2", s_settings));
        await cluster.RunAsync(first, Session, "t1", Wait, epoch: 1);
        await GoAsync(cluster);
        await FindAsync(cluster);
        await SavedAsync(cluster, 2);

        var moved = await cluster.RunAsync(second, Session, "t2", "hello", epoch: 2);

        Assert.Equal("[2] hello", moved.Reply?.Text);
        Assert.Empty(moved.Reply!.Notices);
        Assert.Equal(1, cluster.Model.Requests.Count(request => request.Turns == 2));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task That_the_model_refuses_fails()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, Session, "t1", Wait);

        cluster.Model.SetDefaults("status=401");
        await GoAsync(cluster);
        var background = await FindAsync(cluster);

        Assert.Equal((TurnStatus.Failed, ProblemCodes.ModelAuthentication), (background.Status, background.Problem?.Code));
        Assert.Equal(AttemptOutcome.Failed, Assert.Single(background.Attempts).Outcome);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Holds_the_process_until_it_has_reported()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, Session, "t1", Wait);
        var pool = host.Get<SessionPool>();

        // Nobody has used it for as long as no time at all.
        pool.CloseIdle(TimeSpan.FromTicks(1));
        await GoAsync(cluster);
        await FindAsync(cluster);
        Assert.Equal(1, pool.LiveProcesses);

        await ClosedAsync(host);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Of_a_session_that_another_host_has_is_dropped()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, Session, "t1", Wait);
        await SavedAsync(cluster, 1);
        var row = await cluster.Sessions.FindAsync(SessionId.Parse(Session), Cancellation);
        var folder = (await cluster.FoldersOfAsync(Session)).Work;
        await cluster.Sessions.UpdateAsync(row!, row!.Value with { HostId = "host-2", Epoch = 2 }, Cancellation);

        await File.WriteAllTextAsync(Path.Combine(folder, "go"), string.Empty, Cancellation);
        await ClosedAsync(host);

        Assert.Equal(3, cluster.Model.Requests.Count);
        Assert.Equal(["t1"], await ListAsync(cluster));
    }

    /// <summary>Has the session closed as soon as nothing goes on in it.</summary>
    private static Task ClosedAsync(RunningHost host) =>
        Eventually.BecomesTrueAsync(
            () =>
            {
                host.Get<SessionPool>().CloseIdle(TimeSpan.FromTicks(1));
                return !host.Get<SessionPool>().Has(SessionId.Parse(Session));
            },
            Cancellation);

    private static async Task GoAsync(HostCluster cluster) =>
        await File.WriteAllTextAsync(Path.Combine((await cluster.FoldersOfAsync(Session)).Work, "go"), string.Empty, Cancellation);

    private static async Task<SessionRecord> SavedAsync(HostCluster cluster, int turns)
    {
        await Eventually.BecomesTrueAsync(async () => (await cluster.ReadSessionAsync(Session)).Totals.Turns == turns, Cancellation);
        return await cluster.ReadSessionAsync(Session);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(HostCluster cluster) =>
        [.. (await cluster.Turns.ListAsync(SessionId.Parse(Session), null, 10, Cancellation)).Select(turn => turn.TurnId.Value)];

    private static async Task<TurnRecord> FindAsync(HostCluster cluster)
    {
        await Eventually.BecomesTrueAsync(async () => (await ListAsync(cluster)).Count == 2, Cancellation);
        return await cluster.ReadAsync(Session, (await ListAsync(cluster))[0]);
    }
}
