using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>What came of writing down how a turn ended.</summary>
/// <param name="Turn">The row as it was written; null unless it was.</param>
internal readonly record struct Recording(RecordResult Result, TurnRecord? Turn = null);
