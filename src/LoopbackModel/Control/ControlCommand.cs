namespace FunctionsBroker.LoopbackModel.Control;

/// <summary>The body of <c>POST /_control</c>.</summary>
/// <param name="Defaults">Behaviour of requests without a directive of their own, e.g. <c>delay=50ms</c>; empty is none.</param>
public sealed record ControlCommand(string Defaults);
