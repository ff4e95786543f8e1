namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>A state with an operation of its own.</summary>
public sealed class Basket
{
    public List<string> Items { get; init; } = [];

    public int Put(string item)
    {
        Items.Add(item);
        return Items.Count;
    }
}
