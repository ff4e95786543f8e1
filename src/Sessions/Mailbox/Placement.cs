namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>Which host has the session, and since which epoch.</summary>
public sealed record Placement(string HostId, long Epoch);
