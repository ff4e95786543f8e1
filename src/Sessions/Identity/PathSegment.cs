using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>An id as one segment of a URL's path.</summary>
public static class PathSegment
{
    public static string Of(SessionId session) => Of(session.Value);

    public static string Of(TurnId turn) => Of(turn.Value);

    /// <summary>Reads an id out of a route value: ASP.NET Core decodes every character of a path but the slash.</summary>
    [return: NotNullIfNotNull(nameof(routeValue))]
    public static string? Decode(string? routeValue) => routeValue?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static string Of(string id) => IdSyntax.IsPlain(id) ? id : Uri.EscapeDataString(id);
}
