using FunctionsBroker.Local.Functions.Configuration;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Lets only so many requests run and only so many more wait, as host.json says.</summary>
internal sealed class HttpThrottle(HttpHostOptions options) : IDisposable
{
    // The header by which the real host asks for another instance.
    private const string ScaleOutHeader = "X-FUNCTION-SCALEOUT";

    private readonly SemaphoreSlim? _places = options.MaxConcurrentRequests is { } limit ? new SemaphoreSlim(limit) : null;
    private int _outstanding;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _outstanding) > options.MaxOutstandingRequests)
            {
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers[ScaleOutHeader] = "1";
                    return Task.CompletedTask;
                });
                await HostProblem.TooManyRequests(options.MaxOutstandingRequests.Value).WriteAsync(http);
                return;
            }

            await RunAsync(http, next);
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    public void Dispose() => _places?.Dispose();

    private async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (_places is null)
        {
            await next(http);
            return;
        }

        try
        {
            await _places.WaitAsync(http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left while it waited.
            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            _places.Release();
        }
    }
}
