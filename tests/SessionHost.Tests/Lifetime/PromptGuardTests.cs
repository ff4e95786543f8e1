using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

/// <summary>The real CLI, as a host looks at it before it takes turns.</summary>
[Trait("Category", "EndToEnd")]
public sealed class PromptGuardTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_CliThatLeavesPromptsAsTheyAre_IsLookedAtOnceOnly()
    {
        var guard = Guard(RealCli);
        await guard.StartAsync(Cancellation);

        // It would not come back if it were started again.
        var checkedFile = File.GetLastWriteTimeUtc(_folder.Combine("work", "checked-prompts.json"));
        await Guard(RealCli).StartAsync(Cancellation);

        Assert.Equal(checkedFile, File.GetLastWriteTimeUtc(_folder.Combine("work", "checked-prompts.json")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_CliThatAttachesWhatIsMentioned_IsRefused()
    {
        // As one would that does not know the line's mark, and is told by a setting to attach.
        var old = Script("""
            export CLAUDE_CODE_DISABLE_FILE_MENTIONS=
            sed -u 's/,"client_composed":true//' | exec CLAUDE "$@"
            """);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Guard(old).StartAsync(Cancellation));

        Assert.Contains("attached a file", Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("work", "checked-prompts.json")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_CliThatTakesThePromptForACommand_IsRefused()
    {
        var old = Script("""sed -u 's/,"client_composed":true//' | exec CLAUDE "$@" """);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Guard(old).StartAsync(Cancellation));

        Assert.Contains("command of its own", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Start_CliThatIsNotThere_IsRefusedWithItsName()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Guard(_folder.Combine("nowhere")).StartAsync(Cancellation));

        Assert.Contains(_folder.Combine("nowhere"), Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string RealCli => RepositoryRoot.Combine("node_modules", ".bin", "claude");

    private PromptGuard Guard(string binary)
    {
        var options = new SessionHostOptions { ClaudeBinary = binary, WorkPath = _folder.Combine("work") };
        options.Profiles.Add(SessionHostOptions.DefaultProfile, new ProfileOptions());
        return new PromptGuard(
            options,
            new SessionProfiles(options, NullLogger<SessionProfiles>.Instance),
            HostEnvironment.OfThisProcess(),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    private string Script(string text)
    {
        var path = _folder.Combine("claude");
        ExecutableScript.Write(path, "#!/bin/sh\n" + text.Replace("CLAUDE ", RealCli + " ", StringComparison.Ordinal).Replace("exec ", "", StringComparison.Ordinal) + "\n");
        return path;
    }
}
