namespace FunctionsBroker.Storage;

/// <summary>The ids of this project's log events: 7000 to 7999.</summary>
internal static class EventIds
{
    public const int QueueNotCreated = 7000;
}
