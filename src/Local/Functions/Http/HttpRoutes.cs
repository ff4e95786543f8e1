using FunctionsBroker.Local.Functions.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Makes the endpoints of HTTP functions, and refuses routes that could not be served.</summary>
/// <param name="prefix">The path before every route; empty for none.</param>
/// <param name="constraints">Knows the constraints that a route may name.</param>
internal sealed class HttpRoutes(string prefix, ParameterPolicyFactory constraints)
{
    /// <exception cref="InvalidOperationException">A route is malformed, or two functions have the same; the message names them.</exception>
    public IReadOnlyList<Endpoint> MakeEndpoints(IReadOnlyList<HttpFunction> functions)
    {
        var routes = functions.Select(function => (Function: function, Pattern: PatternOf(function))).ToList();
        foreach (var same in routes.GroupBy(route => HttpRouteShape.Of(route.Pattern), StringComparer.OrdinalIgnoreCase))
        {
            RefuseSameMethods([.. same]);
        }

        return [.. routes.Select(route => MakeEndpoint(route.Function, route.Pattern))];
    }

    private static RouteEndpoint MakeEndpoint(HttpFunction function, RoutePattern pattern)
    {
        var endpoint = new RouteEndpointBuilder(function.InvokeAsync, pattern, order: 0) { DisplayName = function.Descriptor.Name };
        endpoint.Metadata.Add(function);
        if (function.Trigger.Methods is { Length: > 0 } methods)
        {
            endpoint.Metadata.Add(new HttpMethodMetadata(methods.Select(method => method.ToUpperInvariant())));
        }

        return (RouteEndpoint)endpoint.Build();
    }

    private RoutePattern PatternOf(HttpFunction function)
    {
        var route = string.IsNullOrEmpty(function.Trigger.Route) ? function.Descriptor.Name : function.Trigger.Route.TrimStart('/');
        try
        {
            var pattern = RoutePatternFactory.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
            foreach (var parameter in pattern.Parameters)
            {
                foreach (var policy in parameter.ParameterPolicies)
                {
                    constraints.Create(parameter, policy);
                }
            }

            return pattern;
        }
        catch (Exception exception) when (exception is RoutePatternException or InvalidOperationException or RouteCreationException)
        {
            throw function.Descriptor.Faulty($"the route '{route}' is malformed. {exception.Message}", exception);
        }
    }

    // The worker's router would find both and answer neither.
    private static void RefuseSameMethods(IReadOnlyList<(HttpFunction Function, RoutePattern Pattern)> routes)
    {
        var taken = new Dictionary<string, FunctionDescriptor>(StringComparer.OrdinalIgnoreCase);
        foreach (var (function, pattern) in routes)
        {
            string[] methods = function.Trigger.Methods is { Length: > 0 } some ? some : ["any method"];
            foreach (var method in methods.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!taken.TryAdd(method, function.Descriptor))
                {
                    throw new InvalidOperationException(
                        $"Functions '{taken[method].Name}' and '{function.Descriptor.Name}' have the same route '{pattern.RawText}' for {method}.");
                }
            }
        }
    }
}
