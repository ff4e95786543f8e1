using System.Globalization;
using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>The table of <c>docs/failures.md</c>: what a turn comes to under each fault of the model, by each transport.</summary>
internal static partial class FailureTable
{
    public static readonly string[] Transports = ["stream-json", "one-shot", "api"];

    /// <summary>The table's rows as they stand there.</summary>
    public static IReadOnlyList<string> Read() =>
        [.. File.ReadLines(RepositoryRoot.Combine("docs", "failures.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    /// <summary>Whether a row is as it stands in the table, where a cell may name a range of requests: <c>3/6–9</c>.</summary>
    public static bool Fits(string documented, string seen)
    {
        var (cells, found) = (documented.Split(" | "), seen.Split(" | "));
        return cells.Length == found.Length && cells.Zip(found).All(pair => FitsCell(pair.First, pair.Second));
    }

    private static bool FitsCell(string documented, string seen)
    {
        if (Range().Match(documented) is not { Success: true } range)
        {
            return documented == seen;
        }

        int Number(string name) => int.Parse(range.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        return Enumerable.Range(Number("least"), Number("most") - Number("least") + 1).Any(count => Range().Replace(documented, $"/{count}") == seen);
    }

    [GeneratedRegex(@"/(?<least>\d+)–(?<most>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Range();

    public static string Write(string fault, IEnumerable<string> cells) => $"| `{fault}` | {string.Join(" | ", cells)} |";
}
