using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>A note that a session is to be looked at, because its time may be up.</summary>
public sealed record SessionDue(SessionId SessionId, DateTimeOffset At);
