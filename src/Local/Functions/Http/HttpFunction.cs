using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>An HTTP function at its route.</summary>
/// <param name="descriptor">The function.</param>
/// <param name="function">The same, ready to run.</param>
/// <param name="executor">Runs it.</param>
/// <param name="keys">Tells what a caller's key allows.</param>
/// <param name="stopping">Fires when the host stops.</param>
internal sealed class HttpFunction(
    FunctionDescriptor descriptor, CompiledFunction function, FunctionExecutor executor, FunctionKeys keys, CancellationToken stopping)
{
    private const string Unauthorized =
        """{"type":"urn:functions-broker:problem:unauthorized","code":"unauthorized","title":"The key is missing or wrong","status":401,"retryable":false,"detail":"Send a function key or a host key in the header x-functions-key or the query parameter code."}""";

    private readonly HttpTriggerAttribute _trigger = (HttpTriggerAttribute)descriptor.Trigger;

    public Endpoint ToEndpoint(string routePrefix)
    {
        var route = string.IsNullOrEmpty(_trigger.Route) ? descriptor.Name : _trigger.Route.TrimStart('/');
        var endpoint = new RouteEndpointBuilder(
            InvokeAsync, RoutePatternFactory.Parse(routePrefix.Length == 0 ? route : $"{routePrefix}/{route}"), order: 0)
        {
            DisplayName = descriptor.Name,
        };
        endpoint.Metadata.Add(this);
        if (_trigger.Methods is { Length: > 0 } methods)
        {
            endpoint.Metadata.Add(new HttpMethodMetadata(methods.Select(method => method.ToUpperInvariant())));
        }

        return endpoint.Build();
    }

    private async Task InvokeAsync(HttpContext http)
    {
        if (!keys.Allow(http.Request, _trigger.AuthLevel, descriptor.Name))
        {
            await RefuseAsync(http);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await executor.ExecuteAsync(function, http, http.RequestServices, ended.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left: there is nobody to answer.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Fail(http, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception)
        {
            // The executor has logged it; the caller learns no more than that it happened.
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    // The real host sends the same status without a body; the body is a deliberate addition (docs/adr/0001).
    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.ContentType = "application/problem+json";
        return http.Response.WriteAsync(Unauthorized, http.RequestAborted);
    }

    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }
}
