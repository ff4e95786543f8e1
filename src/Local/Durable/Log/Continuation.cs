using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>The execution that follows one that continued as new.</summary>
internal sealed record Continuation(OrchestrationStart Start, IReadOnlyList<HistoryEvent> Carried);
