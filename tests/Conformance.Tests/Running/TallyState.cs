namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>The state of the app's entity Tally.</summary>
public sealed record TallyState(int Value, string[] Log);
