using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Reads local.settings.json, which stands in for a function app's settings on a developer's machine.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    /// <summary>The configuration key under which the file's <c>Host.LocalHttpPort</c> is kept.</summary>
    public const string PortKey = "Host:LocalHttpPort";

    private const string ValuesSection = "Values";
    private const string ConnectionStringsSection = "ConnectionStrings";

    /// <summary>Reads the file's <c>Values</c>, connection strings and port; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is malformed; the message names it, the place and the key, never a value.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string scriptRoot)
    {
        var file = JsonFile.Read(Path.Combine(scriptRoot, FileName));
        if (file.Tokens.GetValueOrDefault("IsEncrypted") is { Kind: JsonValueKind.True })
        {
            throw new InvalidDataException(
                $"{file.PlaceOf("IsEncrypted")}: 'IsEncrypted' is true; the local runtime reads plain settings only. "
                + "Decrypt the file (func settings decrypt), or give the settings by environment variables.");
        }

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, token) in file.Tokens)
        {
            if (key.Equals(ValuesSection, StringComparison.OrdinalIgnoreCase) || key.Equals(ConnectionStringsSection, StringComparison.OrdinalIgnoreCase))
            {
                Expect(file, key, token.Kind is JsonValueKind.Object or JsonValueKind.Null, "an object");
            }
            else if (IsBelow(key, ValuesSection))
            {
                Expect(file, key, !token.IsContainer, "text, a number, true or false");

                // Settings become environment variables on the real host, where __ stands for the level separator.
                settings[key[(ValuesSection.Length + 1)..].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = token.Value;
            }
            else if (IsBelow(key, ConnectionStringsSection) && !token.IsContainer)
            {
                settings[key] = token.Value;
            }
            else if (key.Equals(PortKey, StringComparison.OrdinalIgnoreCase))
            {
                Expect(file, key, ushort.TryParse(token.Value, out _), "a port, 0 to 65535");
                settings[PortKey] = token.Value;
            }
        }

        return settings;
    }

    private static bool IsBelow(string key, string section) =>
        key.Length > section.Length && key[section.Length] == ':' && key.StartsWith(section, StringComparison.OrdinalIgnoreCase);

    private static void Expect(JsonFile file, string key, bool isAsExpected, string expected)
    {
        if (!isAsExpected)
        {
            throw new InvalidDataException($"{file.PlaceOf(key)}: '{HostJsonValues.Shown(key)}' must be {expected}.");
        }
    }
}
