namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>What a function noted, and when.</summary>
public sealed record JournalEntry(string Text, DateTimeOffset At);
