using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Claims;

/// <summary>The generated names that a session keeps for life: of its folders, and of its first conversation with the CLI.</summary>
internal readonly record struct SessionIdentity(RouteId Route, Guid ClaudeSessionId)
{
    public static SessionIdentity New() => new(RouteId.NewRouteId(), Guid.NewGuid());
}
