namespace FunctionsBroker.Local.Functions.Tests.Sample;

public sealed record SampleOrder(string Id, int N);
