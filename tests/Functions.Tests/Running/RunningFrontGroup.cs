namespace FunctionsBroker.Functions.Tests.Running;

[CollectionDefinition(nameof(RunningFrontTest))]
public sealed class RunningFrontGroup : ICollectionFixture<SharedFront>;
