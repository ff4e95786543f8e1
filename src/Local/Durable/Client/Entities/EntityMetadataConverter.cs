using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>Writes entity metadata as JSON. It cannot be read back.</summary>
internal sealed class EntityMetadataConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => StateType(typeToConvert) is not null;

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        StateType(typeToConvert) is { } state
            ? (JsonConverter?)Activator.CreateInstance(typeof(Writer<,>).MakeGenericType(typeToConvert, state))
            : null;

    private static Type? StateType(Type type)
    {
        for (Type? candidate = type; candidate is not null; candidate = candidate.BaseType)
        {
            if (candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(EntityMetadata<>))
            {
                return candidate.GetGenericArguments()[0];
            }
        }

        return null;
    }

    private sealed class Writer<TMetadata, TState> : JsonConverter<TMetadata>
        where TMetadata : EntityMetadata<TState>
    {
        public override TMetadata Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("EntityMetadata cannot be deserialized");

        public override void Write(Utf8JsonWriter writer, TMetadata value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString(Named(nameof(value.Id), options), value.Id.ToString());
            writer.WriteString(Named(nameof(value.LastModifiedTime), options), value.LastModifiedTime);
            if (value.BacklogQueueSize > 0)
            {
                writer.WriteNumber(Named(nameof(value.BacklogQueueSize), options), value.BacklogQueueSize);
            }

            if (value.LockedBy is not null)
            {
                writer.WriteString(Named(nameof(value.LockedBy), options), value.LockedBy);
            }

            if (value.IncludesState)
            {
                writer.WritePropertyName(Named(nameof(value.State), options));
                object? state = value.State is SerializedData serialized ? serialized.Value : value.State;
                JsonSerializer.Serialize(writer, state, options);
            }

            writer.WriteEndObject();
        }

        private static string Named(string name, JsonSerializerOptions options) =>
            options.PropertyNamingPolicy?.ConvertName(name) ?? name;
    }
}
