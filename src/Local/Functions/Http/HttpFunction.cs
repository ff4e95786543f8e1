using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>An HTTP function as it answers a request.</summary>
/// <param name="descriptor">The function.</param>
/// <param name="isDisabled">Whether only an administrator may still run it.</param>
/// <param name="function">The same, ready to run.</param>
/// <param name="executor">Runs it.</param>
/// <param name="keys">Tells what a caller's key allows.</param>
/// <param name="drain">Says when it should end because the host stops.</param>
internal sealed class HttpFunction(
    FunctionDescriptor descriptor,
    bool isDisabled,
    CompiledFunction function,
    FunctionExecutor executor,
    FunctionKeys keys,
    HttpDrain drain)
{
    public FunctionDescriptor Descriptor => descriptor;

    public HttpTriggerAttribute Trigger { get; } = (HttpTriggerAttribute)descriptor.Trigger;

    public async Task InvokeAsync(HttpContext http)
    {
        if (!keys.Allow(http.Request, Trigger.AuthLevel, descriptor.Name))
        {
            await HostProblem.Unauthorized.WriteAsync(http);
        }
        else if (isDisabled && !keys.Allow(http.Request, AuthorizationLevel.Admin, descriptor.Name))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (BodyLimitOf(http) is { } limit && http.Request.ContentLength > limit)
        {
            await HostProblem.BodyTooLarge(limit).WriteAsync(http);
        }
        else
        {
            await RunAsync(http);
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Token);
        try
        {
            await executor.ExecuteAsync(function, http, http.RequestServices, ended.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left: there is nobody to answer.
        }
        catch (OperationCanceledException) when (drain.Token.IsCancellationRequested)
        {
            Fail(http, StatusCodes.Status503ServiceUnavailable);
        }
        catch (FunctionInputConverterException exception)
        {
            await HostProblem.InvalidArgument(exception.ParameterName, exception.Reason).WriteAsync(http);
        }
        catch (BadHttpRequestException exception)
        {
            await ProblemOf(http, exception).WriteAsync(http);
        }
        catch (Exception)
        {
            // The executor has logged it; the caller learns no more than that it happened.
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    private static HostProblem ProblemOf(HttpContext http, BadHttpRequestException exception) =>
        exception.StatusCode == StatusCodes.Status413PayloadTooLarge && BodyLimitOf(http) is { } limit
            ? HostProblem.BodyTooLarge(limit)
            : HostProblem.BadRequest(exception.StatusCode, exception.Message);

    private static long? BodyLimitOf(HttpContext http) => http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

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
