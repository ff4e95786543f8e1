using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Reads local.settings.json, which stands in for a function app's settings on a developer's machine.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    /// <summary>The configuration key under which the file's <c>Host.LocalHttpPort</c> is kept.</summary>
    public const string PortKey = "Host:LocalHttpPort";

    /// <summary>Reads the file's <c>Values</c> and port; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is malformed; the message names it and the key, never a value.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string scriptRoot)
    {
        var path = Path.Combine(scriptRoot, FileName);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path))
        {
            return settings;
        }

        using var document = Parse(path);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException($"{path} is not a JSON object.");
        }

        ReadValues(document.RootElement, path, settings);
        if (document.RootElement.TryGetProperty("Host", out var host) && host.TryGetProperty("LocalHttpPort", out var port))
        {
            settings[PortKey] = port.ToString();
        }

        return settings;
    }

    private static void ReadValues(JsonElement root, string path, Dictionary<string, string?> settings)
    {
        if (!root.TryGetProperty("Values", out var values))
        {
            return;
        }

        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind is JsonValueKind.True)
        {
            throw new InvalidDataException($"{path}: 'IsEncrypted' is true; encrypted settings are not supported by the local runtime.");
        }

        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                throw new InvalidDataException($"{path}: 'Values.{value.Name}' must be a plain value.");
            }

            // Settings become environment variables on the real host, where __ stands for the level separator.
            settings[value.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = value.Value.ToString();
        }
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not valid JSON: line {exception.LineNumber + 1}.", exception);
        }
    }
}
