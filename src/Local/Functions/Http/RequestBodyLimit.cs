using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>How large a request's body may be.</summary>
internal static class RequestBodyLimit
{
    public const string SettingName = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    /// <summary>The real host's: 100 MiB.</summary>
    public const long Default = 100 * 1024 * 1024;

    /// <summary>Reads the limit, in bytes.</summary>
    /// <exception cref="InvalidDataException">The setting is not a number of bytes; the real host would then take the default without a word.</exception>
    public static long Read(IConfiguration settings)
    {
        if (settings[SettingName] is not { Length: > 0 } text)
        {
            return Default;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : throw new InvalidDataException($"The setting {SettingName} must be a number of bytes, and is \"{text}\".");
    }
}
