using FunctionsBroker.Local.Functions.Queues;
using FunctionsBroker.Local.Functions.Tests.Harness;

namespace FunctionsBroker.Local.Functions.Tests.Queues;

public sealed class PollingDelayTests
{
    private static readonly QueueListenerTiming s_timing = new();

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void AfterNothing_OnAQuietQueue_GrowsFromTheMinimumToTheMaximum()
    {
        var maximum = TimeSpan.FromSeconds(3);
        var delay = new PollingDelay(s_timing, maximum, _time);

        List<TimeSpan> waits = [.. Enumerable.Range(0, 20).Select(_ => delay.AfterNothing())];

        Assert.Equal(s_timing.MinimumPollingInterval, waits[0]);
        Assert.Equal(maximum, waits[^1]);
        Assert.Equal(waits.Order(), waits);
        Assert.All(waits.Zip(waits.Skip(1)), pair => Assert.True(pair.Second <= pair.First * 2.4));
    }

    [Fact]
    public void AfterNothing_WhileMessagesAreRecent_IsTheBusyInterval()
    {
        var delay = new PollingDelay(s_timing, TimeSpan.FromMinutes(1), _time);

        delay.Found();
        Assert.Equal(s_timing.BusyPollingInterval, delay.AfterNothing());
        _time.Advance(s_timing.BusyPeriod);

        Assert.Equal(s_timing.MinimumPollingInterval, delay.AfterNothing());
    }

    [Fact]
    public void AfterFailure_WhileMessagesAreRecent_BacksOffNevertheless()
    {
        var delay = new PollingDelay(s_timing, TimeSpan.FromMinutes(1), _time);

        delay.Found();

        Assert.Equal(s_timing.MinimumPollingInterval, delay.AfterFailure());
        Assert.True(delay.AfterFailure() > s_timing.MinimumPollingInterval);
    }
}
