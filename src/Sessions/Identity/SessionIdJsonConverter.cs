using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>Writes a <see cref="SessionId"/> as its text.</summary>
public sealed class SessionIdJsonConverter : JsonConverter<SessionId>
{
    public override SessionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SessionId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("The text is not a SessionId.");

    public override void Write(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
