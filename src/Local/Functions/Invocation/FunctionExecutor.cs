using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Runs invocations: middleware, the function, its outputs.</summary>
/// <remarks>
/// The one place that logs a failed invocation; it throws on what failed, and whoever triggered the function
/// only decides what follows from it. No <c>ConfigureAwait</c>: an orchestration runs on a context of its own.
/// </remarks>
internal sealed partial class FunctionExecutor(
    FunctionExecutionDelegate pipeline, IServiceProvider services, TimeSpan? timeout, TimeProvider time, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private static readonly ActivitySource s_activities = new("Microsoft.Azure.Functions.Worker");

    private readonly AsyncServiceScope _episodes = services.CreateAsyncScope();
    private readonly ILogger _logger = loggers.CreateLogger("Host.Functions");

    /// <summary>Runs a function in a scope of its own.</summary>
    /// <returns>The result as middleware left it.</returns>
    public Task<object?> ExecuteAsync(CompiledFunction function, object trigger, CancellationToken cancellationToken) =>
        ExecuteAsync(function, trigger, services, ownsScope: true, cancellationToken);

    /// <summary>Runs a function in the scope that its trigger already has.</summary>
    public Task<object?> ExecuteAsync(
        CompiledFunction function, object trigger, IServiceProvider scoped, CancellationToken cancellationToken) =>
        ExecuteAsync(function, trigger, scoped, ownsScope: false, cancellationToken);

    /// <summary>Runs one episode of an orchestration.</summary>
    /// <remarks>
    /// An episode that still waits is abandoned in the middle of an await, so nothing could dispose of a scope of its own
    /// or time it: all episodes share one scope. A failure is a result that the task hub records and logs.
    /// </remarks>
    public async Task<object?> ExecuteEpisodeAsync(CompiledFunction function, object trigger, CancellationToken cancellationToken)
    {
        var context = new LocalFunctionContext(function, trigger, _episodes.ServiceProvider, ownsScope: false, cancellationToken);
        await pipeline(context);
        return context.Result;
    }

    public ValueTask DisposeAsync() => _episodes.DisposeAsync();

    private async Task<object?> ExecuteAsync(
        CompiledFunction function,
        object trigger,
        IServiceProvider provider,
        bool ownsScope,
        CancellationToken cancellationToken)
    {
        using var activity = s_activities.StartActivity($"function {function.Definition.Name}");
        using var deadline = timeout is { } limit ? new InvocationDeadline(limit, time, cancellationToken) : null;
        await using var context = new LocalFunctionContext(function, trigger, provider, ownsScope, deadline?.Token ?? cancellationToken);
        function.Trigger.Prepare(context);
        var started = time.GetTimestamp();
        try
        {
            await pipeline(context);
            await function.Outputs.SendAsync(context.Result, context.CancellationToken);
            await function.Trigger.CompleteAsync(context);
            if (_logger.IsEnabled(LogLevel.Debug))
            {
                var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
                LogExecuted(function.Definition.Name, context.InvocationId, elapsed);
            }

            return context.Result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogCancelled(function.Definition.Name, context.InvocationId);
            throw;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().FullName);
            LogFailed(exception, function.Definition.Name, context.InvocationId, time.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Executed 'Functions.{FunctionName}' (Succeeded, Id={InvocationId}, Duration={Milliseconds:F1}ms)")]
    private partial void LogExecuted(string functionName, string invocationId, double milliseconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Executed 'Functions.{FunctionName}' (Failed, Id={InvocationId}, Duration={Milliseconds:F1}ms)")]
    private partial void LogFailed(Exception exception, string functionName, string invocationId, double milliseconds);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "Executed 'Functions.{FunctionName}' (Cancelled, Id={InvocationId})")]
    private partial void LogCancelled(string functionName, string invocationId);
}
