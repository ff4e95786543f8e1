namespace FunctionsBroker.Conformance.Tests;

/// <summary>Cases that others would disturb, or that would disturb others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
