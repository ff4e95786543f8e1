using System.Net.Http.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

public sealed class DeclaredSessionsTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_DeclaredSessions_HaveTheirProcessesBeforeTheirFirstTurns()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ConfigFile=" + Write());
        await cluster.HasProcessAsync("agent-alpha");
        await cluster.HasProcessAsync("agent-beta");
        var process = await cluster.ReadProcessAsync("agent-alpha");

        var arguments = await cluster.RunAsync(host, "agent-alpha", "t1", "say-arguments");
        var variable = await cluster.RunAsync(host, "agent-alpha", "t2", "say-variable NODE_OPTIONS");

        Assert.Equal(process.Pid, arguments.Attempts[0].Process!.Pid);
        Assert.Contains($"--mcp-config\n{_folder.Combine("alpha.json")}\n", arguments.Reply!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("channels", arguments.Reply.Text, StringComparison.Ordinal);
        Assert.Equal("--max-old-space-size=2048", variable.Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_SessionThatALiveHostHas_IsLeftThereAndADeadHostsIsTakenOver()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var first = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(first, "agent-alpha", "t1", "say a", epoch: 4);
        await Eventually.BecomesTrueAsync(async () => (await cluster.Hosts.ListAsync(Cancellation)).Count == 1, Cancellation);
        var held = await cluster.ReadProcessAsync("agent-alpha");

        await cluster.AddHostAsync("host-2", "ConfigFile=" + Write());
        await cluster.HasProcessAsync("agent-beta");
        Assert.Equal("host-1", (await cluster.ReadSessionAsync("agent-alpha")).HostId);
        Assert.True(held.IsAlive());

        await first.StopAsync();
        var third = await cluster.AddHostAsync("host-3", "ConfigFile=" + Write());
        await cluster.HasProcessAsync("agent-alpha");
        var next = await cluster.RunAsync(third, "agent-alpha", "t2", "say b", epoch: 5);

        Assert.Equal("host-3", (await cluster.ReadSessionAsync("agent-alpha")).HostId);
        Assert.Equal(TurnStatus.Completed, next.Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_MoreDeclaredThanMayLive_StartsAsManyAsThereIsRoomFor()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ConfigFile=" + Write(), "MaxSessions=1");
        await cluster.HasProcessAsync("agent-alpha");
        var alpha = await cluster.ReadProcessAsync("agent-alpha");

        // A process that is still on its way to its session is nobody's to close.
        await Eventually.BecomesTrueAsync(
            async () => (await host.Http.GetFromJsonAsync("/sessions/agent-alpha", ContractsJsonContext.Default.HostSession, Cancellation))!.State == HostSessionState.Idle,
            Cancellation);

        Assert.Equal("b", (await cluster.RunAsync(host, "agent-beta", "t1", "say b")).Reply!.Text);
        Assert.Equal(1, host.Get<SessionPool>().LiveProcesses);
        Assert.False(alpha.IsAlive());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task A_reader_of_the_declared_path_finds_the_transcript()
    {
        await using var cluster = await HostCluster.StartAsync();
        await File.WriteAllTextAsync(_folder.Combine("alpha.json"), """{"mcpServers": {}}""", Cancellation);
        await File.WriteAllTextAsync(_folder.Combine("beta.json"), """{"mcpServers": {}}""", Cancellation);
        var host = await cluster.AddHostAsync("host-1", "ConfigFile=" + Write());

        await cluster.RunAsync(host, "agent-alpha", "t1", "remember colour=teal");

        var text = await File.ReadAllTextAsync(_folder.Combine("routes", "alpha.jsonl"), Cancellation);
        Assert.Contains("remember colour=teal", text, StringComparison.Ordinal);
    }

    private string Write()
    {
        var path = _folder.Combine("session-broker.config.yaml");
        File.WriteAllText(
            path,
            $$$"""
            sessions:
              - id: "agent-alpha"
                mcp_config: "{{{_folder.Combine("alpha.json")}}}"
                transcript: "{{{_folder.Combine("routes", "alpha.jsonl")}}}"
                auto_accept_prompts: true
                stop_hook_url: "http://localhost:8080/hooks/alpha/complete"
              - id: "agent-beta"
                mcp_config: "{{{_folder.Combine("beta.json")}}}"
                transcript: "{{{_folder.Combine("routes", "beta.jsonl")}}}"
            runtime:
              flags:
                - "--dangerously-load-development-channels"
                - "--mcp-config={{mcp_config}}"
              env:
                NODE_OPTIONS: "--max-old-space-size=2048"
            """);
        return path;
    }
}
