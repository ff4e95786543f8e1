using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable;

/// <summary>The orchestrators, activities and entities that a hub runs, by name; case is ignored.</summary>
/// <remarks>Filled by the host before the hub starts and not changed after.</remarks>
public sealed class DurableTaskRegistry
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Func<TaskActivityContext, string?, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Func<TaskEntityOperation, CancellationToken, Task<object?>>> _entities =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How inputs, outputs, events and states of what runs here are written. Default: <see cref="JsonDataConverter.Default"/>.</summary>
    public DataConverter Converter { get; init; } = JsonDataConverter.Default;

    /// <param name="run">
    /// Runs the orchestrator from its start, once per episode, on the engine's own task scheduler. What it awaits must
    /// come from the context and must not leave that scheduler.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) =>
        Add(_orchestrators, "orchestrator", name, run);

    /// <param name="run">Runs the activity once; the string is its serialized input.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void AddActivity(string name, Func<TaskActivityContext, string?, CancellationToken, Task<object?>> run) =>
        Add(_activities, "activity", name, run);

    /// <param name="run">Runs one operation; if it throws, what the operation did is undone.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void AddEntity(string name, Func<TaskEntityOperation, CancellationToken, Task<object?>> run) =>
        Add(_entities, "entity", name, run);

    internal Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    internal Func<TaskActivityContext, string?, CancellationToken, Task<object?>>? FindActivity(string name) =>
        _activities.GetValueOrDefault(name);

    internal Func<TaskEntityOperation, CancellationToken, Task<object?>>? FindEntity(string name) => _entities.GetValueOrDefault(name);

    private static void Add<T>(Dictionary<string, T> tasks, string kind, string name, T run)
        where T : Delegate
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(run);
        if (!tasks.TryAdd(name, run))
        {
            throw new ArgumentException($"There is already an {kind} named '{name}'.", nameof(name));
        }
    }
}
