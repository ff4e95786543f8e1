using FunctionsBroker.Cli.Supervision;

namespace FunctionsBroker.Cli.Tests.Supervision;

public sealed class RestartBackoffTests
{
    [Fact]
    public void After_RunsThatEndAtOnce_DoublesToFiveSecondsAndStartsOverAfterALongRun()
    {
        var backoff = new RestartBackoff();

        var waits = Enumerable.Range(0, 7).Select(_ => backoff.After(TimeSpan.Zero).TotalSeconds).ToList();

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5], waits);
        Assert.Equal(0.2, backoff.After(TimeSpan.FromSeconds(10)).TotalSeconds);
    }
}
