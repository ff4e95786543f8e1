namespace FunctionsBroker.Local.Functions.Tests.Sample;

public sealed record SampleReply(string Text);
