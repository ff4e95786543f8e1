namespace FunctionsBroker.Architecture.Tests;

public sealed class TwoBuildsTests
{
    private const string PackagesCondition = "'$(AzureSdk)' == 'Packages'";

    private static readonly string[] s_packagesOnly =
        ["Azure.Data.Tables", "Azure.Storage.", "Microsoft.Azure.Functions.", "Microsoft.DurableTask."];

    [Fact]
    public void Sources_OutsideLocal_DoNotKnowTheirBuild()
    {
        var knowing = SourceTree.Files("src", "*.cs")
            .Where(file => !file.StartsWith("src/Local/", StringComparison.Ordinal))
            .Where(file => SourceTree.Read(file) is var text
                && (text.Contains("#if", StringComparison.Ordinal) || text.Contains("using FunctionsBroker.Local", StringComparison.Ordinal)));

        Assert.Empty(knowing);
    }

    [Fact]
    public void AzurePackages_AreReferredToInThePackagesBuildOnly()
    {
        var references = SourceTree.Files("src", "*.csproj")
            .SelectMany(project => SourceTree.Project(project).Descendants("PackageReference"))
            .Where(reference => s_packagesOnly.Any(prefix => reference.Attribute("Include")!.Value.StartsWith(prefix, StringComparison.Ordinal)))
            .ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Equal(PackagesCondition, reference.Parent!.Attribute("Condition")?.Value));
    }

    [Fact]
    public void EveryProjectWithALocalReference_HasItsPackages()
    {
        var projects = SourceTree.Files("src", "*.csproj")
            .Where(project => !project.StartsWith("src/Local/", StringComparison.Ordinal))
            .Where(project => SourceTree.References(project).Any(name => name.StartsWith("Local.", StringComparison.Ordinal)));

        Assert.All(projects, project => Assert.Contains(
            SourceTree.Project(project).Descendants("PackageReference"),
            reference => reference.Parent!.Attribute("Condition")?.Value == PackagesCondition));
    }
}
