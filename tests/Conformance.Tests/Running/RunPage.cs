namespace FunctionsBroker.Conformance.Tests.Running;

public sealed record RunPage(Run[] Runs, string? ContinuationToken);
