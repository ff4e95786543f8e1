namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>Which host has the session, and since which epoch.</summary>
public sealed record Placement(string HostId, long Epoch)
{
    /// <summary>Which run of the host it was, by the run's beginning; null when it is not known.</summary>
    public DateTimeOffset? HostStartedAt { get; init; }
}
