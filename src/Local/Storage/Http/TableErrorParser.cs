using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>
/// Reads the table service's error body, <c>{"odata.error":{"code":"…","message":{"value":"…"}}}</c>. In a failed
/// transaction the message begins with the failing action's index and a colon.
/// </summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    /// <summary>Where the failing action's index is found in <see cref="Exception.Data"/>.</summary>
    public const string FailedIndexKey = "FailedEntity";

    public static TableErrorParser Instance { get; } = new();

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = Read(response) ?? HeaderError.Read(response);
        if (error?.Message is { } message && message.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
            && message.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            data = new Dictionary<string, string> { [FailedIndexKey] = message[..colon] };
        }

        return error is not null;
    }

    private static ResponseError? Read(Response response)
    {
        if (response.ContentStream is not MemoryStream { Length: > 0 })
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            return document.RootElement.TryGetProperty("odata.error", out var body)
                ? new ResponseError(Text(body, "code"), body.TryGetProperty("message", out var message) ? Text(message, "value") : null)
                : null;
        }
        catch (JsonException)
        {
            // Proxies and the emulator's own faults answer in other formats; status and headers still say what happened.
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
