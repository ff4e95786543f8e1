namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>The connection was cut on purpose.</summary>
internal sealed class CutException() : Exception("The connection was cut as asked.");
