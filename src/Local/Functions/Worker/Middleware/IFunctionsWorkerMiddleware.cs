namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Code that runs around every invocation of every function.</summary>
/// <remarks>
/// Around an orchestration it runs once per episode and on the orchestrator's own thread of control: it must not use
/// <c>ConfigureAwait(false)</c>, and after an episode that still waits it never resumes.
/// </remarks>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
