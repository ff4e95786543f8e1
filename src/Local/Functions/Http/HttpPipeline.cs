using FunctionsBroker.Local.Functions.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Puts HTTP functions behind ASP.NET Core's routing.</summary>
internal static class HttpPipeline
{
    public static void MapFunctions(this IApplicationBuilder app, IReadOnlyList<Endpoint> endpoints, HttpHostOptions options, HttpThrottle throttle)
    {
        if (options.CustomHeaders.Count > 0)
        {
            app.Use((http, next) => AddHeaders(http, options.CustomHeaders, next));
        }

        app.UseRouting();

        // The real host's routes match on the method too, so a wrong method is 404; routing here would say 405.
        app.Use((http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is not null)
            {
                return throttle.InvokeAsync(http, next);
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
    }

    private static Task AddHeaders(HttpContext http, IReadOnlyDictionary<string, string> headers, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            foreach (var (name, value) in headers)
            {
                // What a function has set itself stays.
                http.Response.Headers.TryAdd(name, value);
            }

            return Task.CompletedTask;
        });
        return next(http);
    }
}
