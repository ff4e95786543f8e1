using FunctionsBroker.FunctionsHost.Protocol;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>The worker ended while the function ran.</summary>
/// <remarks>The Durable extension knows an exception whose type has this name, and runs the orchestration's step again.</remarks>
internal sealed class WorkerProcessExitException(string message) : Exception(message);

/// <summary>The function failed in the worker.</summary>
/// <remarks>The Durable extension takes the message of an activity's failure apart: three lines, in this shape (measured).</remarks>
internal sealed class WorkerFunctionException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}");
