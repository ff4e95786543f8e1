using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Admission;
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

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext();
        if (http is null)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer; what was accepted before goes on without the caller.
            http.Response.StatusCode = ClientClosedRequest;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested && !http.Response.HasStarted)
        {
            await ProblemResults.For(http, ProblemCatalogue.ShuttingDown()).ExecuteAsync(http);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            // The server's own word on a request that broke off or does not keep to HTTP.
            var problem = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ProblemCatalogue.BodyTooLarge(TurnLimits.MaxBodyBytes)
                : ProblemCatalogue.InvalidRequest(exception.Message);
            await ProblemResults.For(http, problem).ExecuteAsync(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            var traceId = Activity.Current?.TraceId.ToString() ?? context.InvocationId;
            LogUnexpected(exception, context.FunctionDefinition.Name, traceId);
            await ProblemResults.For(http, ProblemCatalogue.InternalError(traceId)).ExecuteAsync(http);
        }
    }

    [LoggerMessage(EventIds.UnexpectedFailure, LogLevel.Error, "{Function} failed unexpectedly; the caller was given trace {TraceId}")]
    private partial void LogUnexpected(Exception exception, string function, string traceId);
}
