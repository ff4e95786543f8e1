using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>A conversation's id, chosen by the caller. 1 to 255 printable characters, case-sensitive.</summary>
[JsonConverter(typeof(SessionIdJsonConverter))]
public readonly record struct SessionId
{
    private readonly string? _value;

    private SessionId(string value) => _value = value;

    /// <summary>The id as the caller wrote it.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A default SessionId is not an id.");

    /// <exception cref="FormatException">The text is not an id.</exception>
    public static SessionId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The text is not a SessionId, which {ProblemCatalogue.IdRule}");

    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        id = IdSyntax.IsValid(text) ? new SessionId(text) : default;
        return id._value is not null;
    }

    public override string ToString() => _value ?? string.Empty;
}

/// <summary>Writes a <see cref="SessionId"/> as its text.</summary>
public sealed class SessionIdJsonConverter : JsonConverter<SessionId>
{
    public override SessionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SessionId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("The text is not a SessionId.");

    public override void Write(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
