namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Finds what somebody may have meant.</summary>
internal static class KeySuggestion
{
    private const int MaxDistance = 3;

    /// <returns>For a message: which known key is nearest, or which there are.</returns>
    public static string For(string key, IEnumerable<string> known)
    {
        var keys = known.ToList();
        var nearest = keys.MinBy(candidate => Distance(key, candidate));
        return nearest is not null && Distance(key, nearest) <= MaxDistance
            ? $"Did you mean '{nearest}'?"
            : $"It may be one of {string.Join(", ", keys)}.";
    }

    // Levenshtein's: how many characters have to be put in, taken out or replaced.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
