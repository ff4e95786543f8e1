using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>The table of <c>docs/failures.md</c>: what a turn comes to under each fault of the model, by each transport.</summary>
internal static class FailureTable
{
    public static readonly string[] Transports = ["stream-json", "one-shot", "api"];

    /// <summary>The table's rows as they stand there.</summary>
    public static IReadOnlyList<string> Read() =>
        [.. File.ReadLines(RepositoryRoot.Combine("docs", "failures.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    public static string Write(string fault, IEnumerable<string> cells) => $"| `{fault}` | {string.Join(" | ", cells)} |";
}
