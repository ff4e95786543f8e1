namespace FunctionsBroker.Conformance.Tests.Running;

public sealed record EntityPage(EntityView[] Entities, string? ContinuationToken);
