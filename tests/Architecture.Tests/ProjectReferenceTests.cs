namespace FunctionsBroker.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    // The arrows of the design. What stands in src/Local replaces published packages, so it may be referred to
    // only where the Packages build refers to a package.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Contracts"] = [],
        ["Sessions"] = ["Contracts"],
        ["ClaudeCode"] = ["Sessions"],
        ["Storage"] = ["Sessions", "Local.Storage"],
        ["Access"] = ["Contracts"],
        ["Telemetry"] = [],
        ["Functions"] = ["Access", "Sessions", "Storage", "Telemetry", "Local.Functions"],
        ["SessionHost"] = ["Access", "Sessions", "ClaudeCode", "Storage", "Telemetry"],
        ["Cli"] = ["Contracts", "Local.Storage"],
        ["Local.Storage"] = [],
        ["Local.Durable"] = ["Local.Storage"],
        ["Local.Functions"] = ["Local.Durable", "Local.Storage"],
        ["LoopbackModel"] = [],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files("src", "*.csproj")];

    [Fact]
    public void EveryProject_IsInTheDesign()
    {
        Assert.Equal(s_arrows.Keys.Order(), Projects.Select(row => SourceTree.ProjectName(row.Data)).Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_AreTheArrowsOfTheDesign(string project)
    {
        Assert.Equal(s_arrows[SourceTree.ProjectName(project)].Order(), SourceTree.References(project).Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void LocalReferences_OutsideLocal_StandOnlyInTheLocalBuild(string project)
    {
        if (project.StartsWith("src/Local/", StringComparison.Ordinal))
        {
            return;
        }

        var local = SourceTree.Project(project)
            .Descendants("ProjectReference")
            .Where(reference => reference.Attribute("Include")!.Value.Contains("Local", StringComparison.Ordinal));

        Assert.All(local, reference => Assert.Equal("'$(AzureSdk)' == 'Local'", reference.Parent!.Attribute("Condition")?.Value));
    }
}
