namespace FunctionsBroker.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    // The arrows of the design.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Contracts"] = [],
        ["Sessions"] = ["Contracts"],
        ["ClaudeCode"] = ["Sessions"],
        ["Storage"] = ["Sessions"],
        ["Access"] = ["Contracts"],
        ["Telemetry"] = [],
        ["Functions"] = ["Access", "Sessions", "Storage", "Telemetry"],
        ["SessionHost"] = ["Access", "Sessions", "ClaudeCode", "Storage", "Telemetry"],
        ["Cli"] = ["Contracts"],
        // It runs any app, so it knows nothing of this one.
        ["FunctionsHost"] = [],
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

    [Fact]
    public void PlatformApp_NamesNothingOfOurs()
    {
        // It stands for anybody's app on the local host.
        Assert.All(SourceTree.Files("tests", "FunctionsBroker.PlatformApp.csproj"), project => Assert.Empty(SourceTree.References(project)));
    }
}
