using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>A turn's id within its session; also the idempotency key under which it was submitted. 1 to 255 printable characters, case-sensitive.</summary>
[JsonConverter(typeof(TurnIdJsonConverter))]
public readonly record struct TurnId
{
    /// <summary>How long an id is at most, in characters.</summary>
    public const int MaxLength = IdSyntax.MaxLength;

    private readonly string? _value;

    private TurnId(string value) => _value = value;

    /// <summary>The id as the caller wrote it.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is no id.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A default TurnId is not an id.");

    /// <exception cref="FormatException">The text is not an id.</exception>
    public static TurnId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The text is not a TurnId, which {ProblemCatalogue.IdRule}");

    public static bool TryParse([NotNullWhen(true)] string? text, out TurnId id)
    {
        id = IdSyntax.IsValid(text) ? new TurnId(text) : default;
        return id._value is not null;
    }

    public override string ToString() => _value ?? string.Empty;
}

public static class TurnIdGeneration
{
    /// <summary>A new id for a turn that came without an idempotency key; sorts by time.</summary>
    public static TurnId NewTurnId(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);

        return TurnId.Parse(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }
}

/// <summary>Writes a <see cref="TurnId"/> as its text.</summary>
public sealed class TurnIdJsonConverter : JsonConverter<TurnId>
{
    public override TurnId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TurnId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("The text is not a TurnId.");

    public override void Write(Utf8JsonWriter writer, TurnId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
