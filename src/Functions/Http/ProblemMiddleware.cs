using System.Diagnostics;
using System.Reflection;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Http;

/// <summary>Maps what HTTP functions throw to problems, and logs it once.</summary>
/// <remarks>
/// The worker runs no ASP.NET Core exception middleware. Other triggers pass untouched: their exceptions mean
/// "try again" to the runtime. No <c>ConfigureAwait</c> here: this also runs around orchestrators.
/// </remarks>
internal sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    private const int ClientClosedRequest = 499;
    private const string KeyInAddress = "code";

    private int _warned;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext();
        if (http is null)
        {
            await next(context);
            return;
        }

        // What is answered is what it says it is: no browser is to make more of what a user or the model wrote.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (http.Request.Query.ContainsKey(KeyInAddress) && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            LogKeyInAddress(KeyInAddress);
        }

        try
        {
            await next(context);
        }
        catch (Exception thrown)
        {
            if (!await TryAnswerAsync(context, http, Unwrap(thrown)))
            {
                throw;
            }
        }
    }

    // The worker runs functions of internal classes by reflection and waits for their tasks with ContinueWith: what they throw
    // comes inside an AggregateException.
    private static Exception Unwrap(Exception thrown)
    {
        while (true)
        {
            switch (thrown)
            {
                case AggregateException aggregate when aggregate.Flatten().InnerExceptions is [var only]:
                    thrown = only;
                    break;
                case TargetInvocationException { InnerException: { } inner }:
                    thrown = inner;
                    break;
                default:
                    return thrown;
            }
        }
    }

    /// <returns>False when the answer has begun and can only be cut off.</returns>
    private async Task<bool> TryAnswerAsync(FunctionContext context, HttpContext http, Exception exception)
    {
        switch (exception)
        {
            // An IOException tells of a body that the caller did not send to its end.
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
                // Nobody is left to answer; what was accepted before goes on without the caller.
                if (!http.Response.HasStarted)
                {
                    http.Response.StatusCode = ClientClosedRequest;
                }

                return true;
            case var _ when http.Response.HasStarted:
                return false;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested:
                await ProblemResults.For(http, ProblemCatalogue.ShuttingDown()).ExecuteAsync(http);
                return true;
            case BadHttpRequestException bad:
                // The server's own word on a request that broke off or does not keep to HTTP.
                var problem = bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? ProblemCatalogue.BodyTooLarge(TurnLimits.MaxBodyBytesWithAttachments)
                    : ProblemCatalogue.InvalidRequest(bad.Message);
                await ProblemResults.For(http, problem).ExecuteAsync(http);
                return true;
            case var _ when StorageFaults.MayPass(exception):
                LogStorageAway(exception, context.FunctionDefinition.Name);
                await ProblemResults.For(http, ProblemCatalogue.StorageUnavailable()).ExecuteAsync(http);
                return true;
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? context.InvocationId;
                LogUnexpected(exception, context.FunctionDefinition.Name, traceId);
                await ProblemResults.For(http, ProblemCatalogue.InternalError(traceId)).ExecuteAsync(http);
                return true;
        }
    }

    [LoggerMessage(EventIds.KeyInAddress, LogLevel.Warning, "A caller shows its key in the address, as ?{Name}=, where proxies and logs see it; the header x-functions-key is for that. This is said once")]
    private partial void LogKeyInAddress(string name);

    [LoggerMessage(EventIds.StorageUnavailable, LogLevel.Error, "{Function} failed: the storage does not answer")]
    private partial void LogStorageAway(Exception exception, string function);

    [LoggerMessage(EventIds.UnexpectedFailure, LogLevel.Error, "{Function} failed unexpectedly; the caller was given trace {TraceId}")]
    private partial void LogUnexpected(Exception exception, string function, string traceId);
}
