using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Typed values of host.json; what is wrong with one is said with the file's and the key's name.</summary>
internal sealed class HostJsonValues(string path, IConfiguration root)
{
    public string? Text(string key) => root[key];

    public int Integer(string key, int defaultValue, int minimum, int maximum) =>
        Value<int>(key, defaultValue, text => ParseInteger(text, minimum, maximum));

    public int? OptionalInteger(string key) =>
        root[key] is null ? null : Value<int>(key, 0, text => ParseInteger(text, 1, int.MaxValue));

    public TimeSpan Span(string key, TimeSpan defaultValue, TimeSpan minimum) =>
        Value<TimeSpan>(key, defaultValue, text =>
            TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= minimum ? span : null);

    public T Value<T>(string key, T defaultValue, Func<string, T?> parse)
        where T : struct
        => root[key] is { } text ? parse(text) ?? throw Malformed(key, text) : defaultValue;

    private static int? ParseInteger(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number : null;

    private InvalidDataException Malformed(string key, string text) =>
        new($"{path}: '{key.Replace(ConfigurationPath.KeyDelimiter, ".", StringComparison.Ordinal)}' has a value that is malformed or out of range: '{text}'.");
}
