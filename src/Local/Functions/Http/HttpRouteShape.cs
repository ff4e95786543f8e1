using Microsoft.AspNetCore.Routing.Patterns;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>What of a route decides which requests it matches: all but the names of its parameters.</summary>
internal static class HttpRouteShape
{
    public static string Of(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Of))));

    private static string Of(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "*" : string.Empty)}:{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content).Order(StringComparer.Ordinal))}}}",
        _ => string.Empty,
    };
}
