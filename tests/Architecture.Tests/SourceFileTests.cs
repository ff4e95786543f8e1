using System.Text.RegularExpressions;

namespace FunctionsBroker.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int MostLines = 400;

    private static IEnumerable<string> Sources =>
        SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("tests", "*.cs")).Concat(SourceTree.Files("bench", "*.cs"));

    [Fact]
    public void Sources_AreNotTooLong()
    {
        Assert.DoesNotContain(Sources, file => SourceTree.Read(file).Count(character => character == '\n') > MostLines);
    }

    [Fact]
    public void Sources_LeaveNothingOpen()
    {
        Assert.DoesNotContain(Sources, file => OpenEnds().IsMatch(SourceTree.Read(file)));
    }

    // The rest of the format is checked by the build and by `dotnet format whitespace`; a whole `dotnet format` takes minutes.
    [Fact]
    public void Usings_AreInOrder()
    {
        Assert.All(Sources, file =>
        {
            var names = Using().Matches(SourceTree.Read(file)).Select(match => match.Groups[1].Value).ToList();
            Assert.Equal(names.OrderBy(name => name.Split('.')[0] != "System").ThenBy(name => name, StringComparer.OrdinalIgnoreCase), names);
        });
    }

    [Fact]
    public void Types_AreInNamespacesOfOurOwn()
    {
        Assert.DoesNotContain(Sources, file => NamespaceOfOthers().IsMatch(SourceTree.Read(file)));
    }

    [Fact]
    public void Tree_HasOneBuildOnPublishedPackages()
    {
        Assert.DoesNotContain(SourceTree.Files(".", "*"), file => TwoBuilds().IsMatch(SourceTree.Read(file)));
    }

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^\s*namespace\s+(Microsoft|Azure)\b", RegexOptions.Multiline)]
    private static partial Regex NamespaceOfOthers();

    // Written in pieces, so that this file does not match itself.
    [GeneratedRegex(@"Azure" + @"Sdk|\bLocal\.(Functions|Durable|Storage)\b")]
    private static partial Regex TwoBuilds();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|Not" + @"ImplementedException)\b")]
    private static partial Regex OpenEnds();
}
