namespace FunctionsBroker.Local.Functions.Tests.Invocation;

internal sealed class ScopedPart;
