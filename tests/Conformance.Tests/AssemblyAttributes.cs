using FunctionsBroker.Conformance.Tests.Running;

[assembly: AssemblyFixture(typeof(ConformanceHost))]
[assembly: Trait("Category", "Emulator")]
