namespace FunctionsBroker.Contracts.Queues;

/// <summary>The storage queues that the broker owns.</summary>
public static class QueueNames
{
    public const string Turns = "turns";

    public const string Poison = "turns-poison";

    public const string Replies = "replies";
}
