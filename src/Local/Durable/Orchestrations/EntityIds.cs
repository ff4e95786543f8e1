using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>Entities and orchestrations share one space of instance ids; <c>@</c> at the start tells them apart.</summary>
internal static class EntityIds
{
    public static bool IsEntity(string instanceId) => instanceId.StartsWith('@');

    /// <exception cref="ArgumentException">The id is one of an entity.</exception>
    public static void ThrowIfEntity(string? instanceId, string parameter)
    {
        if (instanceId is not null && IsEntity(instanceId))
        {
            throw new ArgumentException(
                "Instance IDs starting with '@' are reserved for entities, and must not be used for orchestrations, when entity support is enabled.",
                parameter);
        }
    }

    /// <exception cref="ArgumentException">The id was never given a value.</exception>
    public static string Checked(EntityInstanceId id, string parameter) => id == default
        ? throw new ArgumentException($"Provided argument cannot be default value defined by '{typeof(EntityInstanceId)}'", parameter)
        : id.ToString();
}
