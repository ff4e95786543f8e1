using FunctionsBroker.FunctionsHost.Tests;

[assembly: AssemblyFixture(typeof(HostFixture))]

// One host serves most tests, and each of the others is a host of its own on the same two processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
