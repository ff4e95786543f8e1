namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>What an activity that fails at first is told.</summary>
/// <param name="Topic">Where it notes its calls.</param>
/// <param name="SucceedAt">The number of the first call that succeeds.</param>
public sealed record Attempts(string Topic, int SucceedAt);
