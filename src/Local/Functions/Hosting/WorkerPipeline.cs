using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>The middleware of a worker, in the order in which it was added.</summary>
internal sealed class WorkerPipeline
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => _middleware.Add(middleware);

    /// <summary>Returns the whole pipeline: the first middleware is the outermost.</summary>
    public FunctionExecutionDelegate Build(FunctionExecutionDelegate terminal) =>
        Enumerable.Reverse(_middleware).Aggregate(terminal, (next, middleware) => middleware(next));
}
