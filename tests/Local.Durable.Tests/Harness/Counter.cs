using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Harness;

/// <summary>An entity that counts.</summary>
internal sealed class Counter : TaskEntity<Counter.Total>
{
    public int Add(int amount) => State.Value += amount;

    public Task<int> Get() => Task.FromResult(State.Value);

    public int Boom() => State.Value < 0 ? 0 : throw new InvalidOperationException("entity boom", new ArgumentException("inner"));

    internal sealed class Total
    {
        public int Value { get; set; }
    }
}
