using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;
using YamlDotNet.RepresentationModel;

namespace FunctionsBroker.Infra.Tests;

/// <summary>What the workflows promise: which checks run, and that they hold no secrets and no more rights than they need.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryRoot.Combine(".github", "workflows"), "*.yml").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_MayOnlyReadUnlessAJobSaysOtherwise(string file)
    {
        var root = Load(file);

        Assert.Equal(["contents: read"], ((YamlMappingNode)root["permissions"]).Children.Select(entry => $"{entry.Key}: {entry.Value}"));
        Assert.All(Jobs(root), job => Assert.True(job.Children.ContainsKey("uses") || job.Children.ContainsKey("runs-on")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_UsesNoSecretsButItsOwnToken(string file)
    {
        var secrets = Secret().Matches(Read(file)).Select(match => match.Groups[1].Value).Distinct();

        Assert.Empty(secrets.Except(["GITHUB_TOKEN"]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_NamesFilesThatAreThere(string file) =>
        Assert.All(RepositoryPath().Matches(Read(file)), path => Assert.True(Path.Exists(RepositoryRoot.Combine(path.Value)), path.Value));

    [Fact]
    public void Ci_ChecksTheTestsTheSchedulersBuildTheModulesAndTheImage()
    {
        var text = Read("ci.yml");

        Assert.Contains("./broker test", text, StringComparison.Ordinal);
        Assert.Contains("dotnet publish src/Functions -c Release -p:DurableBackend=DurableTaskScheduler", text, StringComparison.Ordinal);
        Assert.Contains("dependency-review-action", text, StringComparison.Ordinal);
        Assert.Contains("docker build --file src/SessionHost/Dockerfile", text, StringComparison.Ordinal);
        Assert.All(Bicep.BicepTree.Roots, module => Assert.Contains($"az bicep build --file infra/{module}", text, StringComparison.Ordinal));
    }

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode root) => ((YamlMappingNode)root["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static string Read(string file) => File.ReadAllText(RepositoryRoot.Combine(".github", "workflows", file));

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Read(file)));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    [GeneratedRegex(@"secrets\.(\w+)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<=\s)(src|tests|infra)/[\w./-]+")]
    private static partial Regex RepositoryPath();
}
