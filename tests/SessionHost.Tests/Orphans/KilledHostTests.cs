using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Orphans;

/// <summary>A host is killed in the middle of a turn. Its <c>claude</c> must not answer beside its successor.</summary>
[Trait("Category", "EndToEnd")]
public sealed class KilledHostTests : HostProcessTest
{
    private const string Slow = "recall colour {{model: delay=100s times=1}}";

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_next_host_resumes_the_conversation_beside_the_orphan_and_answers_once()
    {
        await using var first = await StartAsync("host-1");
        await AskAsync(first, "t1", "remember colour=teal", epoch: 1);
        await Callbacks.WaitAsync("t1");
        await SavedAsync("t1");
        await AskAsync(first, "t2", Slow, epoch: 1);
        await Model.WaitForRequestAsync(request => request.Turns == 2, Cancellation);
        var orphan = await ReadProcessAsync();

        await first.KillWithoutGuardianAsync();
        Assert.True(orphan.IsAlive());
        await using var second = await StartAsync("host-2");
        await AskAsync(second, "t2", Slow, epoch: 2);
        await Callbacks.WaitAsync("t2");

        var turn = (await Turns.FindAsync(Session, TurnId.Parse("t2"), Cancellation))!.Value;
        Assert.Equal("[2] teal", turn.Reply!.Text);
        Assert.True(turn.Attempts[1].Process!.Resumed);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], turn.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(2, Callbacks.Received.Count);

        // On its own disk, and no part of the conversation.
        Assert.True(orphan.IsAlive());
        await AskAsync(second, "t3", "recall colour", epoch: 2);
        await Callbacks.WaitAsync("t3");
        Assert.Equal("[3] teal", (await Turns.FindAsync(Session, TurnId.Parse("t3"), Cancellation))!.Value.Reply!.Text);
        orphan.Kill();
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_hosts_own_next_run_ends_the_orphan_at_once()
    {
        await using var first = await StartAsync("host-1");
        await AskAsync(first, "t1", "hello {{model: delay=60s}}", epoch: 1);
        await Model.WaitForRequestAsync(_ => true, Cancellation);
        var orphan = await ReadProcessAsync();
        await first.KillWithoutGuardianAsync();
        Assert.True(orphan.IsAlive());

        await using var again = await StartAsync("host-1");

        await Eventually.BecomesTrueAsync(() => !orphan.IsAlive(), Cancellation);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task The_hosts_own_next_run_clears_up_after_a_process_that_no_session_had_and_leaves_the_sessions()
    {
        await using var first = await StartAsync("host-1", ("Host__Profiles__default__Prewarmed", "1"));
        await AskAsync(first, "t1", "hello", epoch: 1);
        await Callbacks.WaitAsync("t1");
        await Eventually.BecomesTrueAsync(() => Directory.EnumerateFiles(Disks.Combine("host-1", "live"), "*.ready.json").Any(), Cancellation);
        Assert.Equal(2, Directory.GetDirectories(Disks.Combine("host-1", "sessions")).Length);
        await first.KillWithoutGuardianAsync();

        await using var again = await StartAsync("host-1");

        var session = (await Get<ISessionStore>().FindAsync(Session, Cancellation))!.Value;
        Assert.Equal(session.RouteId.Value, Path.GetFileName(Assert.Single(Directory.GetDirectories(Disks.Combine("host-1", "sessions")))));
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData("hello")]
    [InlineData("hello {{model: delay=60s}}")]
    [InlineData("""call tool Bash {"command":"while true; do sleep 1; done"}""")]
    public async Task The_guardian_ends_idle_and_busy_processes_and_their_tools_at_once(string prompt)
    {
        await using var host = await StartAsync("host-1", ("Host__Profiles__default__Tools", "Bash"), ("Host__Profiles__default__AllowedTools__0", "Bash"));
        await AskAsync(host, "t1", prompt, epoch: 1);
        await Model.WaitForRequestAsync(_ => true, Cancellation);
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
        (string, string)[] channel =
        [
            ("Host__Profiles__default__Transports__0", "channel"),
            ("Host__Profiles__default__Channel__TypedInput", "true"),
            ("Host__Profiles__default__Channel__Arrival", "00:00:30"),
            ("Host__Profiles__default__Channel__Probe", "00:00:30"),
        ];
        await using var host = await StartAsync("host-1", channel);
        await AskAsync(host, "t1", "hello {{model: delay=60s}}", epoch: 1);
        await Model.WaitForRequestAsync(_ => true, Cancellation);
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
        await Eventually.BecomesTrueAsync(() => !ProcessFamily.FindMarked(process.Mark).Any(), Cancellation);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task A_guardian_that_was_killed_is_replaced_and_guards_what_was_there_before()
    {
        await using var host = await StartAsync("host-1");
        await AskAsync(host, "t1", "hello", epoch: 1);
        await Callbacks.WaitAsync("t1");
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
        await Callbacks.WaitAsync("t1");
        var process = await ReadProcessAsync();

        var exitCode = await host.AbandonAsync();

        Assert.Equal(0, exitCode);
        Assert.False(process.IsAlive());
        Assert.Empty(await Get<IHostStore>().ListAsync(Cancellation));
    }
}
