using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Pool;
using Microsoft.AspNetCore.Diagnostics;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Turns what nobody expected into a problem that says where to look.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
            ? ProblemCatalogue.BodyTooLarge(HostEndpoints.MaxBodyBytes)
            : Unexpected(httpContext, exception);
        await new ProblemResult(problem).ExecuteAsync(httpContext);
        return true;
    }

    private Problem Unexpected(HttpContext httpContext, Exception exception)
    {
        var traceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        LogFailed(logger, exception, traceId);
        return DiskSpace.IsFull(exception) ? ProblemCatalogue.HostDiskFull() : ProblemCatalogue.InternalError(traceId);
    }

    [LoggerMessage(EventIds.Failed, LogLevel.Error, "A request failed (trace {TraceId})")]
    private static partial void LogFailed(ILogger logger, Exception exception, string traceId);
}
