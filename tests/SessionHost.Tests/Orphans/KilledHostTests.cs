using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.SessionHost.Orphans;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Tests.Orphans;

/// <summary>A host is killed in the middle of a turn. Its <c>claude</c> must not answer beside its successor.</summary>
[Trait("Category", "EndToEnd")]
public sealed class KilledHostTests : IAsyncLifetime
{
    private const string Slow = "recall colour {{model: delay=20s times=1}}";
    private static readonly SessionId s_session = SessionId.Parse("room:1");

    private readonly TempDirectory _folder = new();
    private Azurite _azurite = null!;
    private LoopbackModelServer _model = null!;
    private CallbackListener _callbacks = null!;
    private IHost _stores = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ITurnStore Turns => _stores.Services.GetRequiredService<ITurnStore>();

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartInMemoryAsync(Cancellation);
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        _callbacks = await CallbackListener.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", _azurite.ConnectionString)]);
        builder.Services.AddBrokerStorage(builder.Configuration);
        _stores = builder.Build();
        await _stores.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.StopAsync(CancellationToken.None);
        _stores.Dispose();
        await _callbacks.DisposeAsync();
        await _model.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_next_host_ends_the_orphan_resumes_the_conversation_and_answers_once()
    {
        await using var first = await StartAsync("host-1");
        await AskAsync(first, "t1", "remember colour=teal", epoch: 1);
        await _callbacks.WaitAsync("t1");
        await AskAsync(first, "t2", Slow, epoch: 1);
        await _model.WaitForRequestAsync(request => request.Turns == 2, Cancellation);
        var orphan = await ReadProcessAsync();

        await first.KillWithoutGuardianAsync();
        Assert.True(orphan.IsAlive());
        await using var second = await StartAsync("host-2");
        await AskAsync(second, "t2", Slow, epoch: 2);
        await _callbacks.WaitAsync("t2");

        var turn = (await Turns.FindAsync(s_session, TurnId.Parse("t2"), Cancellation))!.Value;
        Assert.False(orphan.IsAlive());
        Assert.EndsWith("teal", turn.Reply!.Text, StringComparison.Ordinal);
        Assert.True(turn.Attempts[1].Process!.Resumed);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], turn.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(2, _callbacks.Received.Count);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_hosts_own_next_run_ends_the_orphan_at_once()
    {
        await using var first = await StartAsync("host-1");
        await AskAsync(first, "t1", "hello {{model: delay=60s}}", epoch: 1);
        await _model.WaitForRequestAsync(_ => true, Cancellation);
        var orphan = await ReadProcessAsync();
        await first.KillWithoutGuardianAsync();
        Assert.True(orphan.IsAlive());

        await using var again = await StartAsync("host-1");

        Assert.False(orphan.IsAlive());
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_hosts_own_next_run_clears_up_after_a_process_that_no_session_had_and_leaves_the_sessions()
    {
        await using var first = await StartAsync("host-1", ("Host__Profiles__default__Prewarmed", "1"));
        await AskAsync(first, "t1", "hello", epoch: 1);
        await _callbacks.WaitAsync("t1");
        await Eventually.BecomesTrueAsync(() => Directory.EnumerateFiles(_folder.Combine("host-1", "live"), "*.ready.json").Any(), Cancellation);
        Assert.Equal(2, Directory.GetDirectories(_folder.Combine("sessions")).Length);
        await first.KillWithoutGuardianAsync();

        await using var again = await StartAsync("host-1");

        var session = (await _stores.Services.GetRequiredService<ISessionStore>().FindAsync(s_session, Cancellation))!.Value;
        Assert.Equal(session.RouteId.Value, Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.Combine("sessions")))));
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData("hello")]
    [InlineData("hello {{model: delay=60s}}")]
    [InlineData("""call tool Bash {"command":"while true; do sleep 1; done"}""")]
    public async Task The_guardian_ends_idle_and_busy_processes_and_their_tools_at_once(string prompt)
    {
        await using var host = await StartAsync("host-1", ("Host__Profiles__default__Tools", "Bash"), ("Host__Profiles__default__AllowedTools__0", "Bash"));
        await AskAsync(host, "t1", prompt, epoch: 1);
        await _model.WaitForRequestAsync(_ => true, Cancellation);
        var process = await ReadProcessAsync();
        if (prompt.Contains("sleep", StringComparison.Ordinal))
        {
            await Eventually.BecomesTrueAsync(() => ProcessFamily.FindMarked(process.Mark).Count() > 1, Cancellation);
        }

        await host.KillAsync();

        await Eventually.BecomesTrueAsync(() => !ProcessFamily.FindMarked(process.Mark).Any(), Cancellation);
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_in_a_terminal_does_not_outlive_its_host_either(bool guarded)
    {
        (string, string)[] channel = [("Host__Profiles__default__Transports__0", "channel"), ("Host__Profiles__default__Channel__TypedInput", "true")];
        await using var host = await StartAsync("host-1", channel);
        await AskAsync(host, "t1", "hello {{model: delay=60s}}", epoch: 1);
        await _model.WaitForRequestAsync(_ => true, Cancellation);
        var process = await ReadProcessAsync();
        Assert.True(ProcessFamily.FindMarked(process.Mark).Count() > 1);

        if (guarded)
        {
            await host.KillAsync();
            await Eventually.BecomesTrueAsync(() => !ProcessFamily.FindMarked(process.Mark).Any(), Cancellation);
            return;
        }

        await host.KillWithoutGuardianAsync();
        Assert.True(process.IsAlive());
        await using var again = await StartAsync("host-1", channel);
        Assert.Empty(ProcessFamily.FindMarked(process.Mark));
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task A_guardian_that_was_killed_is_replaced_and_guards_what_was_there_before()
    {
        await using var host = await StartAsync("host-1");
        await AskAsync(host, "t1", "hello", epoch: 1);
        await _callbacks.WaitAsync("t1");
        var process = await ReadProcessAsync();
        var guardian = host.FindGuardian();
        await host.ReplaceGuardianAsync();

        Assert.NotEqual(guardian, host.FindGuardian());
        await host.KillAsync();

        await Eventually.BecomesTrueAsync(() => !process.IsAlive(), Cancellation);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task A_host_whose_parent_is_gone_ends_in_order()
    {
        await using var host = await StartAsync("host-1");
        await AskAsync(host, "t1", "hello", epoch: 1);
        await _callbacks.WaitAsync("t1");
        var process = await ReadProcessAsync();

        var exitCode = await host.AbandonAsync();

        Assert.Equal(0, exitCode);
        Assert.False(process.IsAlive());
        Assert.Empty(await _stores.Services.GetRequiredService<IHostStore>().ListAsync(Cancellation));
    }

    private Task<HostProcess> StartAsync(string hostId, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> settings = new()
        {
            ["AzureWebJobsStorage"] = _azurite.ConnectionString,
            ["ANTHROPIC_BASE_URL"] = _model.BaseUrl.ToString().TrimEnd('/'),
            ["ANTHROPIC_API_KEY"] = "test-key",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["Host__SessionsPath"] = _folder.Combine("sessions"),
            ["Host__WorkPath"] = _folder.Combine(hostId),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return HostProcess.StartAsync(hostId, settings, _stores.Services.GetRequiredService<IHostStore>());
    }

    private async Task AskAsync(HostProcess host, string turnId, string prompt, long epoch)
    {
        var turn = TurnId.Parse(turnId);
        var now = TimeProvider.System.GetUtcNow();
        var record = new TurnRecord
        {
            SessionId = s_session,
            TurnId = turn,
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = now },
        };
        await Turns.AddAsync(record, prompt, Cancellation);
        var row = (await Turns.FindAsync(s_session, turn, Cancellation))!;
        await Turns.UpdateAsync(row, TurnAttempts.Begin(row.Value, "host", epoch, null, now), Cancellation);
        var request = new HostTurnRequest
        {
            TurnId = turnId,
            Epoch = epoch,
            Attempt = row.Value.Attempts.Count + 1,
            Prompt = prompt,
            CallbackUrl = _callbacks.Url,
        };
        using var response = await host.Http.PostAsJsonAsync(
            $"/sessions/{s_session}/turns",
            request,
            ContractsJsonContext.Default.HostTurnRequest,
            Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private async Task<ProcessIdentity> ReadProcessAsync()
    {
        var session = (await _stores.Services.GetRequiredService<ISessionStore>().FindAsync(s_session, Cancellation))!.Value;
        var file = _folder.Combine("sessions", session.RouteId.Value, "process.json");
        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), OrphansJsonContext.Default.LiveProcess)!.Process;
    }
}
