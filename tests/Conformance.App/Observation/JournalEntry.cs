namespace FunctionsBroker.Conformance.App.Observation;

public sealed record JournalEntry(string Text, DateTimeOffset At);
