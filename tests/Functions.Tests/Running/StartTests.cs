using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class StartTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact]
    public void Start_OnEmptyStorage_HasCreatedEveryQueueOnceItIsReady()
    {
        string[] queues = [QueueNames.Turns, QueueNames.Replies, QueueNames.Poison];

        Assert.Subset(Running.QueuesAtStart.ToHashSet(), queues.ToHashSet());
    }
}
