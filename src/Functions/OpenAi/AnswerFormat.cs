using System.Text.Json;
using Json.Schema;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>What an answer has to look like: the member <c>response_format</c> of a request.</summary>
/// <remarks>The model is told, the answer is checked, and the model is asked once more where it does not keep to it.</remarks>
internal sealed class AnswerFormat
{
    private const int MaxFaults = 10;
    private const string Fence = "```";

    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;

    private AnswerFormat(JsonSchema schema, string instructions)
    {
        _schema = schema;
        Instructions = instructions;
    }

    /// <summary>What the model is told.</summary>
    public string Instructions { get; }

    /// <summary>Any JSON object.</summary>
    public static AnswerFormat AnyObject { get; } = new(
        JsonSchema.FromText("""{"type":"object"}"""),
        "Answer with one JSON object and nothing else: no explanation before or after it, no code fence.");

    /// <summary>JSON that is valid against a schema.</summary>
    /// <param name="fault">Why that is no schema to go by.</param>
    public static AnswerFormat? Of(JsonElement schema, out string? fault)
    {
        try
        {
            var parsed = JsonSchema.Build(schema);
            parsed.Evaluate(JsonElement.Parse("null"), s_options);
            fault = null;
            return new AnswerFormat(
                parsed,
                "Answer with one JSON document and nothing else: no explanation before or after it, no code fence. It has to be valid against this JSON schema:\n"
                    + schema.GetRawText());
        }
        catch (Exception exception) when (exception is JsonException or JsonSchemaException or ArgumentException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            fault = exception.Message;
            return null;
        }
    }

    /// <summary>What the model is told when its answer did not keep to the format.</summary>
    public static string AskAgain(string fault) =>
        $"That answer does not have the form that was asked for: {fault}\nGive the same answer in that form, and nothing else.";

    /// <summary>Checks an answer.</summary>
    /// <param name="json">The answer as the caller gets it; without a code fence around it.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? FindFault(string answer, out string json)
    {
        json = WithoutFence(answer.Trim());
        try
        {
            using var document = JsonDocument.Parse(json);
            var result = _schema.Evaluate(document.RootElement, s_options);
            return result.IsValid ? null : Describe(result);
        }
        catch (JsonException exception)
        {
            return $"it is no JSON ({exception.Message})";
        }
    }

    private static string Describe(EvaluationResults result)
    {
        var faults = (result.Details ?? [])
            .Where(detail => detail.Errors is { Count: > 0 })
            .SelectMany(detail => detail.Errors!.Values.Select(error => $"{(detail.InstanceLocation.ToString() is { Length: > 0 } place ? place : "/")}: {error}"))
            .Take(MaxFaults);
        return string.Join("; ", faults);
    }

    private static string WithoutFence(string text)
    {
        var begin = text.IndexOf('\n', StringComparison.Ordinal);
        return text.StartsWith(Fence, StringComparison.Ordinal) && text.EndsWith(Fence, StringComparison.Ordinal) && begin > 0 && text.Length > begin + Fence.Length
            ? text[(begin + 1)..^Fence.Length].Trim()
            : text;
    }
}
