namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Runs an invocation, or what is left of it after a middleware.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);
