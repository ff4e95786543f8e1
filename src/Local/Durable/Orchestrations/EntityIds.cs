using FunctionsBroker.Local.Durable.Instances;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>Entities and orchestrations share one space of instance ids; <c>@</c> at the start tells them apart.</summary>
internal static class EntityIds
{
    private const int MaxStartLength = 256;

    public static bool IsEntity(string instanceId) => instanceId.StartsWith('@');

    /// <exception cref="ArgumentException">The id is not one that an orchestration may have.</exception>
    public static string CheckedOrchestration(string instanceId, string parameter)
    {
        InstanceKey.ThrowIfUnusable(instanceId);
        return IsEntity(instanceId)
            ? throw new ArgumentException(
                "Instance IDs starting with '@' are reserved for entities, and must not be used for orchestrations, when entity support is enabled.",
                parameter)
            : instanceId;
    }

    /// <remarks>The Functions extension refuses more from a client than the engine does from an orchestrator or an entity.</remarks>
    /// <exception cref="ArgumentException">The id is not one that a client may start an orchestration under.</exception>
    public static string CheckedForStart(string instanceId, string parameter)
    {
        if (instanceId.Length > MaxStartLength)
        {
            throw new ArgumentException($"Instance ID lengths must not exceed {MaxStartLength} characters.", parameter);
        }

        if (instanceId.Any(static character => character is '/' or '\\' or '?' or '#' || char.IsControl(character)))
        {
            throw new ArgumentException("Orchestration instance ids must not contain /, \\, #, ?, or control characters.", parameter);
        }

        return CheckedOrchestration(instanceId, parameter);
    }

    /// <exception cref="ArgumentException">The id was never given a value, or is too long.</exception>
    public static string Checked(EntityInstanceId id, string parameter)
    {
        if (id == default)
        {
            throw new ArgumentException($"Provided argument cannot be default value defined by '{typeof(EntityInstanceId)}'", parameter);
        }

        string instanceId = id.ToString();
        InstanceKey.ThrowIfUnusable(instanceId);
        return instanceId;
    }
}
