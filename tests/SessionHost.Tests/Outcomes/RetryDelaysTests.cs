using FunctionsBroker.SessionHost.Outcomes;

namespace FunctionsBroker.SessionHost.Tests.Outcomes;

public sealed class RetryDelaysTests
{
    [Fact]
    public void Delays_Double_UpToTheLongestUntilTheSumIsEnough()
    {
        var delays = new RetryDelays(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(12));

        Assert.Equal([1, 2, 4, 4, 4], delays.Select(delay => delay.TotalSeconds));
    }
}
