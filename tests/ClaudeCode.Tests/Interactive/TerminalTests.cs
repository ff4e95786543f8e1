using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>A terminal around other programs than the CLI.</summary>
public sealed class TerminalTests
{
    private static readonly InteractiveLaunch s_terms = new()
    {
        Hooks = new HookAddress(new Uri("http://localhost/"), ""),
        Channel = new ChannelAddress("none", []),
    };

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Wrap_AnyArgument_ReachesTheProgramAsItIs()
    {
        string[] arguments = ["%s|", "it's", "a b", "$HOME", "`id`", "back\\slash", "", "\"", ";exit 3"];

        var start = await RunAsync("printf", arguments);

        Assert.EndsWith("it's|a b|$HOME|`id`|back\\slash||\"|;exit 3|", Assert.IsType<InteractiveStart.Failed>(start).Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Wrap_Program_HasATerminalOfTheScreensSizeAndItsOwnExitCode()
    {
        var start = await RunAsync("sh", "-c", "test -t 0 && test -t 1 && stty size; exit 7");

        var detail = Assert.IsType<InteractiveStart.Failed>(start).Detail;
        Assert.Contains("exit code 7", detail, StringComparison.Ordinal);
        Assert.EndsWith($"{TerminalScreen.Rows} {TerminalScreen.Columns}", detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task StartAsync_QuestionThatIsNotKnown_FailsWithItsTextEvenWhereAnswersAreAllowed()
    {
        var start = await StartAsync("printf 'Delete everything?\\n❯ 1. Yes\\n  2. No\\n'; read answer; echo \"got $answer\"", s_terms with { AcceptPrompts = true }, awaited: "got");

        Assert.Contains("Delete everything?", Assert.IsType<InteractiveStart.Failed>(start).Detail, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public async Task StartAsync_QuestionThatIsKnown_IsAnsweredOnceAndOnlyWhereThatIsAllowed(bool accept, int seconds)
    {
        var script =
            $$"""
            question() { printf '\033[H\033[2JWARNING: Loading development channels\n%s 1. I am using this for local development\n%s 2. Exit\nEnter to confirm\n' "$1" "$2"; }
            stty -icanon -echo
            question ' ' '❯'
            test "$(head -c 3)" = "$(printf '\033[A')" && sleep {{seconds}} && question '❯' ' '
            test "$(head -c 1)" = '' && sleep {{seconds}} && clear && echo accepted
            sleep 300
            """;

        var start = await StartAsync(script, s_terms with { AcceptPrompts = accept }, awaited: "accepted");

        if (accept)
        {
            await using var process = Assert.IsType<InteractiveStart.Ready>(start).Process;
        }
        else
        {
            Assert.Contains("local development", Assert.IsType<InteractiveStart.Failed>(start).Detail, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task StopAsync_ProgramThatIgnoresEverything_IsKilledWithItsFamily()
    {
        const string Script = "trap '' TERM HUP INT; setsid sleep 300 & (trap '' TERM HUP INT; sleep 300) & echo up; while :; do sleep 1; done";
        var start = await StartAsync(Script, s_terms, awaited: "up");
        await using var process = Assert.IsType<InteractiveStart.Ready>(start).Process;
        Assert.NotNull(process.CliPid);

        await process.StopAsync(new CliStopBounds(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));

        Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
    }

    private static Task<InteractiveStart> RunAsync(string program, params string[] arguments) =>
        StartAsync(program, arguments, s_terms, (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));

    private static Task<InteractiveStart> StartAsync(string script, InteractiveLaunch terms, string awaited) =>
        StartAsync("sh", ["-c", script], terms, (process, token) => Eventually.BecomesTrueAsync(() => process.Screen.Text.Contains(awaited, StringComparison.Ordinal), token));

    private static Task<InteractiveStart> StartAsync(
        string program,
        string[] arguments,
        InteractiveLaunch terms,
        Func<InteractiveProcess, CancellationToken, Task> ready)
    {
        var launch = new CliLaunch
        {
            FileName = program,
            Arguments = arguments,
            WorkingDirectory = Path.GetTempPath(),
            Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty },
        };
        return InteractiveProcess.StartAsync(Terminal.Wrap(launch), terms, resume: false, ready, TimeProvider.System, NullLogger.Instance, TestContext.Current.CancellationToken);
    }
}
