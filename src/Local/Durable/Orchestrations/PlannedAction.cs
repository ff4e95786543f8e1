using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>Something the orchestrator's code did that its history does not hold yet, and the messages it sends thereby.</summary>
internal sealed record PlannedAction(HistoryEvent.Scheduled Event, IReadOnlyList<Message> Messages);
