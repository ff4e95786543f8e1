using FunctionsBroker.EndToEnd;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

// One running system serves all tests, and some of them kill its parts.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
