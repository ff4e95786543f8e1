using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>The <c>.dockerignore</c>: which files of the repository a build gets to see. The last pattern that fits decides.</summary>
internal sealed class DockerIgnore
{
    private readonly IReadOnlyList<(Regex Pattern, bool Ignored)> _rules;

    public DockerIgnore() => _rules = [.. File.ReadLines(RepositoryRoot.Combine(".dockerignore"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => (ToRegex(line.TrimStart('!')), line[0] != '!'))];

    /// <param name="path">Relative to the repository's root, with forward slashes.</param>
    public bool Hides(string path) => _rules.LastOrDefault(rule => rule.Pattern.IsMatch(path)).Ignored;

    private static Regex ToRegex(string pattern) =>
        new($"^{Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}(/.*)?$", RegexOptions.CultureInvariant);
}
