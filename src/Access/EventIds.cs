namespace FunctionsBroker.Access;

/// <summary>The ids of this project's log events: 6000 to 6999.</summary>
internal static class EventIds
{
    public const int TokenRefused = 6000;
    public const int StrangeIdentity = 6001;
}
