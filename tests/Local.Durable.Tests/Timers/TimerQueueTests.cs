using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.Local.Durable.Timers;

namespace FunctionsBroker.Local.Durable.Tests.Timers;

public sealed class TimerQueueTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public async Task Timers_FireWhenDue_EarliestFirst()
    {
        await using TimerQueue queue = Queue();
        queue.Add(Timer("b", 20));
        queue.Add(Timer("a", 10));
        queue.Add(Timer("c", 3600));

        Pass(5);
        Assert.Empty(_fired);
        Pass(60);

        Assert.Equal(["a", "b"], _fired);
    }

    [Fact]
    public async Task Timer_OfTheFarFuture_IsWaitedForInSteps()
    {
        await using TimerQueue queue = Queue();
        queue.Add(new DueTimer("far", _time.GetUtcNow().AddDays(3), "execution", 0));

        for (int day = 0; day < 2; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromDays(1.1));
        Assert.Equal(["far"], _fired);
    }

    [Fact]
    public async Task CancelledTimer_DoesNotFire()
    {
        await using TimerQueue queue = Queue();
        queue.Add(Timer("x", 10, 1));
        queue.Add(Timer("x", 10, 2));
        queue.Cancel("x", 1);
        Pass(11);

        Assert.Single(_fired);
    }

    [Fact]
    public async Task CancelAll_LeavesTheLookAtTheInbox()
    {
        await using TimerQueue queue = Queue();
        queue.Add(Timer("x", 10, 1));
        queue.Add(new DueTimer("x", _time.GetUtcNow().AddSeconds(10), null, 0));
        queue.CancelAll("x");
        Pass(11);

        Assert.Single(_fired);
    }

    [Fact]
    public async Task ManyCancelledTimers_AreForgotten()
    {
        await using TimerQueue queue = Queue();
        for (int i = 0; i < 3000; i++)
        {
            queue.Add(Timer("x" + i, 10 + i));
            queue.Cancel("x" + i, 0);
        }

        queue.Add(Timer("kept", 5));
        Pass(5000);

        Assert.Equal(["kept"], _fired);
    }

    private TimerQueue Queue() => new(_time, timer => _fired.Add(timer.InstanceId));

    private DueTimer Timer(string id, int seconds, int task = 0) => new(id, _time.GetUtcNow().AddSeconds(seconds), "execution", task);

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(2));
}
