using System.Globalization;

namespace FunctionsBroker.Cli.Output;

/// <summary>How amounts are shown.</summary>
internal static class Amounts
{
    public static string Dollars(decimal amount) => amount.ToString("0.0000", CultureInfo.InvariantCulture);

    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>To the second, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
