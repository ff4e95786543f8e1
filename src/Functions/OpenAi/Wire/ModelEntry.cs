namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A profile as a model.</summary>
/// <param name="Id">The profile's name.</param>
/// <param name="Created">Seconds since 1970; since when the oldest living host that has it runs.</param>
internal sealed record ModelEntry(string Id, long Created)
{
    public string Object { get; } = "model";

    public string OwnedBy { get; } = "functions-broker";
}
