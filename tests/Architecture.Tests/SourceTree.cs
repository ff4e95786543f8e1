using System.Xml.Linq;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Architecture.Tests;

/// <summary>The repository's own files, as a test reads them.</summary>
internal static class SourceTree
{
    private static readonly string[] s_generated = ["artifacts", "node_modules", "bin", "obj", ".git", ".broker", ".azure", ".vs", ".idea"];

    /// <summary>Paths relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [.. FilesIn(RepositoryRoot.Combine(folder), pattern)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static string Read(string file) => File.ReadAllText(RepositoryRoot.Combine(file));

    public static XDocument Project(string file) => XDocument.Load(RepositoryRoot.Combine(file));

    /// <summary>The names (without "FunctionsBroker.") of the projects that a project refers to.</summary>
    public static IReadOnlyList<string> References(string project) =>
        [.. Project(project).Descendants("ProjectReference").Select(reference => ProjectName(reference.Attribute("Include")!.Value))];

    public static string ProjectName(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["FunctionsBroker.".Length..];

    // Generated folders are not entered: others may be writing to them meanwhile.
    private static IEnumerable<string> FilesIn(string folder, string pattern) =>
        Directory.EnumerateDirectories(folder)
            .Where(child => !s_generated.Contains(Path.GetFileName(child)))
            .SelectMany(child => FilesIn(child, pattern))
            .Concat(Directory.EnumerateFiles(folder, pattern));
}
