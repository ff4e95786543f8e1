using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Each fault of the loopback model by each transport, with the real CLI: what comes of it, in how many tries and requests, and that it never takes longer than the watchdogs allow.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ModelFaultTests
{
    private const int AtOnce = 6;
    private static readonly TimeSpan s_turnMax = TimeSpan.FromSeconds(60);

    /// <summary>The interrupt's grace, the end of a process, and a machine that does much else.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    private static readonly string[] s_faults =
    [
        "status=400", "status=401", "status=403", "status=413", "status=429", "status=429 retryAfter=2", "status=429 retryAfter=3600",
        "status=429 reset=3600", "status=500", "status=529",
        "drop=beforeHeaders", "drop=midStream", "drop=300",
        "stall=60s", "stall=60s ping=500ms", "delay=60s",
        "streamError=overloaded_error", "stop=refusal", "stop=maxTokens",
    ];

    [Fact(Timeout = 900_000)]
    public async Task Every_fault_of_the_model_comes_by_every_transport_to_what_the_table_says()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync(
            "host-1",
            [$"TurnMax={s_turnMax}", "TurnIdle=00:00:30", "MaxSessions=8", .. FailureTable.Transports.SelectMany(Profile)]);
        using var places = new SemaphoreSlim(AtOnce);

        var expected = FailureTable.Read();
        var actual = await Task.WhenAll(
            from fault in s_faults
            from directive in new[] { fault, fault + " times=1" }
            select RowAsync(cluster, host, directive, places, expected));

        Assert.True(expected.Count == actual.Length && expected.Zip(actual).All(row => FailureTable.Fits(row.First, row.Second)), $"docs/failures.md is not what happens, which is:\n{string.Join('\n', actual)}");
    }

    private static IEnumerable<string> Profile(string transport) =>
    [
        $"Profiles:{transport}:Transports:0={transport}",
        $"Profiles:{transport}:Tools=",
        $"Profiles:{transport}:SystemPrompt=Answer.",
        $"Profiles:{transport}:ApiModel=claude-sonnet-4-5",
    ];

    // A connection that breaks at an unlucky moment has the CLI ask once more by itself: what differs is looked at again.
    private static async Task<string> RowAsync(HostCluster cluster, RunningHost host, string directive, SemaphoreSlim places, IReadOnlyList<string> expected)
    {
        async Task<string> LookAsync() => FailureTable.Write(
            directive,
            await Task.WhenAll(FailureTable.Transports.Select(transport => CellAsync(cluster, host, directive, transport, places))));

        var row = await LookAsync();
        return expected.Any(documented => FailureTable.Fits(documented, row)) ? row : await LookAsync();
    }

    private static async Task<string> CellAsync(HostCluster cluster, RunningHost host, string directive, string transport, SemaphoreSlim places)
    {
        await places.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var session = $"{transport}:{Guid.NewGuid():N}";
            var request = await cluster.PrepareAsync(host, session, session, $"tell me about the big blue whale {{{{model: {directive}}}}}", profile: transport);
            await host.AcceptAsync(session, request);
            await Patience.UntilAsync(() => cluster.Callbacks.Received.Any(call => call.Finished.TurnId == session));
            var turn = await cluster.ReadAsync(session, session);
            var conversation = (await cluster.ReadSessionAsync(session)).ClaudeSessionId.ToString("D");
            var requests = cluster.Model.Requests.Count(asked => asked.Conversation == conversation && asked.Kind == RequestKind.Turn);
            return Describe(turn, transport, requests);
        }
        finally
        {
            places.Release();
        }
    }

    private static string Describe(TurnRecord turn, string transport, int requests)
    {
        var attempt = Assert.Single(turn.Attempts);
        Assert.InRange(attempt.FinishedAt!.Value - attempt.StartedAt, TimeSpan.Zero, s_turnMax + s_grace);
        Assert.All(attempt.Tries, tried => Assert.Equal(transport, tried.Transport));
        Assert.Equal(attempt.Outcome, attempt.Tries[^1].Outcome);
        if (turn.Reply is { } reply)
        {
            Assert.Equal(TurnStatus.Completed, turn.Status);
            Assert.Equal(transport, reply.Transport);
            Assert.EndsWith("blue whale", reply.Text, StringComparison.Ordinal);
        }

        return $"{(turn.Reply is null ? $"`{attempt.Problem!.Code}`" : "answered")} {attempt.Tries.Count}/{requests}";
    }
}
