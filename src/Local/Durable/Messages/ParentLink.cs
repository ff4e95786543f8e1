namespace FunctionsBroker.Local.Durable.Messages;

/// <summary>The orchestration, and its task, that waits for a sub-orchestration.</summary>
internal sealed record ParentLink(string Name, CallerLink Caller);
