using System.Globalization;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>User ids from a first to a last one, written <c>FIRST-LAST</c>.</summary>
internal readonly record struct UserRange(int First, int Last)
{
    /// <summary>The lowest id that may be in a range: those below belong to the system and to people.</summary>
    public const int Lowest = 10_000;

    public int Count => Last - First + 1;

    public static bool TryParse(string? text, out UserRange range)
    {
        range = default;
        if (text?.Split('-') is not [var first, var last] || !TryParseId(first, out var from) || !TryParseId(last, out var to) || from < Lowest || to < from)
        {
            return false;
        }

        range = new UserRange(from, to);
        return true;
    }

    private static bool TryParseId(string text, out int id) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
