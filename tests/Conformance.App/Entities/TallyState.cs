namespace FunctionsBroker.Conformance.App.Entities;

public sealed class TallyState
{
    public int Value { get; set; }

    public List<string> Log { get; init; } = [];
}
