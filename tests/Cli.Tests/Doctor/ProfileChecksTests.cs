using FunctionsBroker.Cli.Doctor;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Doctor;

public sealed class ProfileChecksTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProfilesThatAreAlwaysThere_NotesTheOneWhoseToolsNothingHolds()
    {
        var findings = await ProfileChecks.RunAsync(Repository.Find(), TestContext.Current.CancellationToken);

        Assert.Contains(new Finding(FindingState.Good, "profiles", "default: no tools"), findings);
        var coder = Assert.Single(findings, finding => finding.Text.StartsWith("coder: ", StringComparison.Ordinal));
        Assert.Equal(FindingState.Note, coder.State);
        Assert.Contains("neither a sandbox nor a user of its own", coder.Text, StringComparison.Ordinal);
    }
}
