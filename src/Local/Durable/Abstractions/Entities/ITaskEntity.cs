namespace Microsoft.DurableTask.Entities;

/// <summary>An entity: runs one operation at a time against its own state.</summary>
public interface ITaskEntity
{
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}
