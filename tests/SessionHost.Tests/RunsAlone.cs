namespace FunctionsBroker.SessionHost.Tests;

/// <summary>For tests that measure the memory of the whole process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
