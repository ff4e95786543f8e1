using FunctionsBroker.TestKit.Storage;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
