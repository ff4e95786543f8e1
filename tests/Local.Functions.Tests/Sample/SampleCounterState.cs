namespace FunctionsBroker.Local.Functions.Tests.Sample;

public sealed class SampleCounterState
{
    public int Value { get; set; }
}
