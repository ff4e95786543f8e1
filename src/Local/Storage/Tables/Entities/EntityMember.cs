namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>A property or field of an entity class, as the service knows it.</summary>
/// <param name="Name">The stored name: the member's own or its <c>DataMember</c> name.</param>
/// <param name="Type">The member's type without <see cref="Nullable{T}"/>.</param>
/// <param name="Get">Reads it from an entity; null if it cannot be read.</param>
/// <param name="Set">Sets it in an entity, where null means the type's default; null if it cannot be set.</param>
internal sealed record EntityMember(string Name, Type Type, Func<object, object?>? Get, Action<object, object?>? Set);
