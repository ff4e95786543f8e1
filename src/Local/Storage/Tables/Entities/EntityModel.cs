using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.Serialization;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>
/// The stored members of an entity class: its public properties and fields but those marked <c>IgnoreDataMember</c>,
/// and the members of <see cref="ITableEntity"/> where the class implements them explicitly. Built once per class.
/// </summary>
internal sealed class EntityModel
{
    private static readonly ConcurrentDictionary<Type, EntityModel> s_models = new();

    private readonly FrozenDictionary<string, EntityMember> _byName;

    private EntityModel(Type type)
    {
        if (type.IsValueType)
        {
            throw new NotSupportedException($"{type} is a value type; an entity must be a class.");
        }

        Members = [.. Find(type)];
        _byName = Members.ToFrozenDictionary(member => member.Name);
    }

    public IReadOnlyList<EntityMember> Members { get; }

    public static EntityModel Of(Type type) => s_models.GetOrAdd(type, static type => new EntityModel(type));

    /// <summary>The member that is stored under a name, or null.</summary>
    public EntityMember? Member(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name under which a property or field is stored.</summary>
    public static string NameOf(MemberInfo member) => member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;

    private static IEnumerable<EntityMember> Find(Type type)
    {
        var found = new HashSet<string>();
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance))
        {
            if (member is not (FieldInfo or PropertyInfo) || member is PropertyInfo property && property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            found.Add(member.Name);
            if (!member.IsDefined(typeof(IgnoreDataMemberAttribute)))
            {
                yield return Describe(type, member);
            }
        }

        foreach (var hidden in typeof(ITableEntity).GetProperties().Where(property => !found.Contains(property.Name)))
        {
            yield return Describe(typeof(ITableEntity), hidden);
        }
    }

    private static EntityMember Describe(Type owner, MemberInfo member)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        return new EntityMember(
            NameOf(member),
            Nullable.GetUnderlyingType(type) ?? type,
            member is PropertyInfo { CanRead: false } ? null : Getter(owner, member),
            member is PropertyInfo { CanWrite: false } or FieldInfo { IsInitOnly: true } ? null : Setter(owner, member, type));
    }

    private static Func<object, object?> Getter(Type owner, MemberInfo member)
    {
        var entity = Expression.Parameter(typeof(object));
        var value = Expression.MakeMemberAccess(Expression.Convert(entity, owner), member);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), entity).Compile();
    }

    private static Action<object, object?> Setter(Type owner, MemberInfo member, Type type)
    {
        var entity = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(object));
        var target = Expression.MakeMemberAccess(Expression.Convert(entity, owner), member);
        var isNull = Expression.ReferenceEqual(value, Expression.Constant(null));
        var assignment = Expression.Assign(target, Expression.Condition(isNull, Expression.Default(type), Expression.Convert(value, type)));
        return Expression.Lambda<Action<object, object?>>(assignment, entity, value).Compile();
    }
}
