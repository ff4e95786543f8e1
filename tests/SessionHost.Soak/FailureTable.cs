using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>The table of <c>docs/failures.md</c>: what a turn comes to under each fault of the model, by each transport.</summary>
internal static class FailureTable
{
    public static readonly string[] Transports = ["stream-json", "one-shot", "api"];

    /// <summary>Row by row, the fault and one cell for each transport.</summary>
    public static IReadOnlyDictionary<string, string[]> Read() =>
        File.ReadLines(RepositoryRoot.Combine("docs", "failures.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Where(cells => cells.Length == Transports.Length + 1)
            .ToDictionary(cells => cells[0].Trim('`'), cells => cells[1..], StringComparer.Ordinal);

    public static string Write(string fault, IEnumerable<string> cells) => $"| `{fault}` | {string.Join(" | ", cells)} |";
}
