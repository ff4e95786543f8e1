using FunctionsBroker.Platform.Tests;

[assembly: AssemblyFixture(typeof(PlatformFixture))]

// One host serves all tests, and some of them kill it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
