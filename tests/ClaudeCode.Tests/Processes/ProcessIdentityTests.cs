using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Kill_AnotherProcessUnderTheSameId_IsSpared()
    {
        using var stranger = Process.Start("sleep", ["300"]);
        var itself = ProcessIdentity.Of(stranger.Id, "mark-of-nobody");
        var earlier = itself with { StartTicks = itself.StartTicks - 1 };
        var elsewhere = itself with { BootId = "another machine" };

        Assert.False(earlier.IsAlive());
        Assert.False(earlier.Kill());
        Assert.False(elsewhere.IsAlive());
        Assert.False(elsewhere.Kill());
        Assert.True(itself.IsAlive());

        Assert.True(itself.Kill());
        await stranger.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(itself.IsAlive());
    }
}
