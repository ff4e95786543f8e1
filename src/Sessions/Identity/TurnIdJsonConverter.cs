using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>Writes a <see cref="TurnId"/> as its text.</summary>
public sealed class TurnIdJsonConverter : JsonConverter<TurnId>
{
    public override TurnId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TurnId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("The text is not a TurnId.");

    public override void Write(Utf8JsonWriter writer, TurnId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
