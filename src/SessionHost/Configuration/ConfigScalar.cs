using System.Globalization;
using System.Text.Json;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Single values of a configuration file: what they may be, and the form in which .NET's configuration takes them.</summary>
internal static class ConfigScalar
{
    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    public static bool IsScalar(Type type) =>
        Bare(type) is { IsEnum: true } or { IsPrimitive: true }
        || Bare(type) == typeof(string)
        || Bare(type) == typeof(decimal)
        || Bare(type) == typeof(TimeSpan)
        || Bare(type) == typeof(Uri);

    /// <summary>For a message: "must be …".</summary>
    public static string Describe(Type type) =>
        Bare(type) switch
        {
            { IsEnum: true } names => "one of " + string.Join(", ", Enum.GetNames(names).Select(JsonNamingPolicy.CamelCase.ConvertName)),
            var bare when bare == typeof(bool) => "true or false",
            var bare when bare == typeof(int) => "a whole number",
            var bare when bare == typeof(double) || bare == typeof(decimal) => "a number",
            var bare when bare == typeof(TimeSpan) => "a time such as 90s, 2m or 00:02:00",
            var bare when bare == typeof(Uri) => "an absolute http or https address",
            _ => "a text",
        };

    /// <returns>Null when the text is not of the type.</returns>
    public static string? Normalize(string text, Type type) =>
        Convert(text, type) switch
        {
            null => null,
            TimeSpan time => time.ToString("c", s_culture),
            Uri { IsAbsoluteUri: true, Scheme: "http" or "https" } => text,
            Uri => null,
            bool flag => flag ? "true" : "false",
            _ => text,
        };

    /// <returns>Null when the text is not of the type.</returns>
    public static object? Convert(string text, Type type) =>
        Bare(type) switch
        {
            { IsEnum: true } names => Enum.TryParse(names, text, ignoreCase: true, out var value) && !char.IsAsciiDigit(text[0]) ? value : null,
            var bare when bare == typeof(bool) => bool.TryParse(text, out var value) ? value : null,
            var bare when bare == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, s_culture, out var value) ? value : null,
            var bare when bare == typeof(double) => double.TryParse(text, NumberStyles.Float, s_culture, out var value) ? value : null,
            var bare when bare == typeof(decimal) => decimal.TryParse(text, NumberStyles.Float, s_culture, out var value) ? value : null,
            var bare when bare == typeof(TimeSpan) => ReadTime(text),
            var bare when bare == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var value) ? value : null,
            _ => text,
        };

    private static TimeSpan? ReadTime(string text)
    {
        var digits = text.TrimEnd('m', 's', 'h');
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, s_culture, out var number))
        {
            return text[digits.Length..] switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                _ => null,
            };
        }

        return TimeSpan.TryParseExact(text, "c", s_culture, out var time) ? time : null;
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
