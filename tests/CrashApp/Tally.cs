using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.CrashApp;

/// <summary>An entity that counts: an operation applied twice, or not at all, stays visible for ever.</summary>
internal sealed class Tally : TaskEntity<int>
{
    public int Add(int amount) => State += amount;

    public int Get() => State;

    public void Set(int value) => State = value;

    /// <summary>Fails after it has changed the state, which must not stay.</summary>
    public void Spoil()
    {
        State = -1_000_000;
        throw new InvalidOperationException("spoilt");
    }
}
