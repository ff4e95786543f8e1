using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Usage;

/// <summary>Writes an amount of US dollars with at most ten decimals and no trailing zeros.</summary>
/// <remarks>The CLI computes costs in binary fractions: what should be 0.00014 comes as 0.00014000000000000001.</remarks>
public sealed class DollarsJsonConverter : JsonConverter<decimal>
{
    private const int Decimals = 10;

    // A division by it leaves the value and takes the trailing zeros away.
    private const decimal One = 1.0000000000000000000000000000m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);

        writer.WriteNumberValue(decimal.Round(value, Decimals) / One);
    }
}
