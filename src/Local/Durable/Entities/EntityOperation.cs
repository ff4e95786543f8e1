using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Entities;

/// <summary>One operation as the entity's code sees it.</summary>
internal sealed class EntityOperation(
    string name, string? input, TaskEntityContext context, TaskEntityState state, DataConverter converter) : TaskEntityOperation
{
    public override string Name => name;

    public override TaskEntityContext Context => context;

    public override TaskEntityState State => state;

    public override bool HasInput => input is not null;

    public override object? GetInput(Type inputType) => converter.Deserialize(input, inputType);
}
