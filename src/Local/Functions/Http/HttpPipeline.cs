using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Puts HTTP functions behind ASP.NET Core's routing.</summary>
internal static class HttpPipeline
{
    public static void MapFunctions(this IApplicationBuilder app, IEnumerable<HttpFunction> functions, string routePrefix)
    {
        Endpoint[] endpoints = [.. functions.Select(function => function.ToEndpoint(routePrefix))];
        app.UseRouting();

        // The real host's routes match on the method too, so a wrong method is 404; routing here would say 405.
        app.Use((http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is not null)
            {
                return next(http);
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
    }
}
