using FunctionsBroker.Api.Tests;

[assembly: AssemblyFixture(typeof(ApiFixture))]

// One running broker serves all tests, and one of them keeps it busy.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
