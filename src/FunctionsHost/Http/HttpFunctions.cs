using System.Diagnostics;
using System.Net;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Jobs;
using FunctionsBroker.FunctionsHost.Protocol;
using FunctionsBroker.FunctionsHost.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsBroker.FunctionsHost.Http;

/// <summary>HTTP triggers: matches route and key, tells the worker of the invocation and forwards the request to the worker's own endpoint.</summary>
/// <remarks>
/// The worker joins invocation and request by the header <c>x-ms-invocation-id</c>. What the host answers by itself is what the
/// real one does: 401 and 404 without a body, 503 while nothing is ready.
/// </remarks>
internal sealed partial class HttpFunctions(
    FunctionApp app,
    FunctionInvoker invoker,
    FunctionKeys keys,
    IHttpForwarder forwarder,
    ILoggerFactory loggers,
    TimeProvider time) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    // A response without a byte for so long is cut, as by the real host (Azure/azure-functions-host, DefaultHttpProxyService).
    private static readonly TimeSpan s_idleTimeout = TimeSpan.FromSeconds(240);

    private readonly ForwarderRequestConfig _forwarding = new()
    {
        ActivityTimeout = app.ReadTime("FunctionsHost:HttpIdleTimeout", s_idleTimeout),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static readonly TimeSpan s_longestStart = TimeSpan.FromSeconds(60);

    private readonly ILogger _log = loggers.CreateLogger("Host.Http");
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var function in app.Functions.Where(function => function.IsHttp))
        {
            var route = function.Trigger.Text("route") is { Length: > 0 } given ? given : function.Name;
            var path = app.RoutePrefix.Length == 0 ? route : $"{app.RoutePrefix}/{route.TrimStart('/')}";
            string[] methods = [.. (function.Trigger.Json["methods"]?.AsArray() ?? []).Select(method => method!.ToString().ToUpperInvariant())];
            var level = function.Trigger.Text("authLevel") is { Length: > 0 } text ? text : "function";
            RequestDelegate handler = context => HandleAsync(context, function, level);
            try
            {
                _ = methods.Length == 0 ? endpoints.Map(path, handler) : endpoints.MapMethods(path, methods, handler);
            }
            catch (Microsoft.AspNetCore.Routing.Patterns.RoutePatternException exception)
            {
                throw new HostException(ExitCodes.App, $"function {function.Name}: its route '{path}' is not valid: {exception.Message}");
            }
        }
    }

    /// <summary>Tells the functions that run that they are to end.</summary>
    public Task CancelAsync() => _stopping.CancelAsync();

    public void Dispose()
    {
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context, FunctionDefinition function, string level)
    {
        if (!Allows(level, keys.LevelOf(context.Request, function.Name)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (await FindWorkerAsync(context.RequestAborted) is not { HttpUri: { } destination } worker)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("Function host is not running.", context.RequestAborted);
            return;
        }

        // The request itself is at the worker's endpoint. Parameters of the function that are route values come with the invocation.
        var request = invoker.CreateRequest(function, new TypedData { Http = new RpcHttp() });
        foreach (var (key, value) in context.Request.RouteValues)
        {
            request.TriggerMetadata[key] = new TypedData { String = value?.ToString() ?? "" };
        }

        context.Request.Headers[InvocationHeader] = request.InvocationId;
        var started = time.GetTimestamp();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var invocation = RunAsync(worker, function, request, cancelled.Token);
        // One that is over by now could not even begin.
        if (!invocation.IsCompleted && !await ForwardAsync(context, function, destination))
        {
            await cancelled.CancelAsync();
            await context.Response.CompleteAsync();
        }

        if (await invocation is { } failure)
        {
            // The worker has answered 200 without a byte, or not at all.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }

            LogFailed(loggers.CreateLogger($"Function.{function.Name}"), function.Name, request.InvocationId, (long)time.GetElapsedTime(started).TotalMilliseconds, failure.Message);
        }
    }

    /// <returns>False when the caller, or the worker, is gone or was silent for too long: 502 or 504 then stands in the answer.</returns>
    private async Task<bool> ForwardAsync(HttpContext context, FunctionDefinition function, Uri destination)
    {
        var error = await forwarder.SendAsync(context, destination.ToString(), _client, _forwarding);
        if (error != ForwarderError.None && !context.RequestAborted.IsCancellationRequested)
        {
            LogForwarding(function.Name, error, context.GetForwarderErrorFeature()?.Exception?.Message);
        }

        return error == ForwarderError.None;
    }

    private async Task<Exception?> RunAsync(WorkerChannel worker, FunctionDefinition function, InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await invoker.SendOutputsAsync(function, await worker.InvokeAsync(request, cancellationToken), CancellationToken.None);
            return null;
        }
        catch (Exception exception) when (exception is WorkerFunctionException or WorkerProcessExitException or Azure.RequestFailedException)
        {
            return exception;
        }
    }

    private async Task<WorkerChannel?> FindWorkerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await invoker.ReadyAsync(cancellationToken).WaitAsync(s_longestStart, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private static bool Allows(string required, KeyLevel given) => required.ToUpperInvariant() switch
    {
        "ANONYMOUS" => true,
        "ADMIN" => given == KeyLevel.Admin,
        _ => given is KeyLevel.Function or KeyLevel.Admin,
    };

    [LoggerMessage(EventIds.FunctionFailed, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={InvocationId}, Duration={Milliseconds}ms) {Reason}")]
    private static partial void LogFailed(ILogger logger, string function, string invocationId, long milliseconds, string reason);

    [LoggerMessage(EventIds.ForwardingFailed, LogLevel.Warning, "The request to {Function} could not be forwarded: {Error} {Reason}")]
    private partial void LogForwarding(string function, ForwarderError error, string? reason);
}
