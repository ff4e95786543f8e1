using FunctionsBroker.Infra.Tests.Bicep;
using FunctionsBroker.TestKit;
using YamlDotNet.RepresentationModel;

namespace FunctionsBroker.Infra.Tests;

/// <summary>What <c>azure.yaml</c> says of the repository and of the modules is true.</summary>
/// <remarks>The file as a whole was validated with the published schema (Azure/azure-dev, schemas/v1.0, of 2026-08-21) on 2026-11-21.</remarks>
public sealed class AzureYamlTests(InfraFixture infra)
{
    private static readonly YamlMappingNode s_root = Load();

    private static YamlMappingNode Services => (YamlMappingNode)s_root["services"];

    [Fact]
    public void Azd_HasAVersionThatKnowsWhatTheFileSays() =>
        Assert.Equal(">= 1.23.4", s_root["requiredVersions"]["azd"].ToString());

    [Fact]
    public void Services_AreTheTwoPrograms()
    {
        Assert.Equal(["front", "session-host"], Services.Children.Keys.Select(key => key.ToString()));
        Assert.Equal(("function", "containerapp"), (Text("front", "host"), Text("session-host", "host")));
        Assert.All(Services.Children.Keys, name => Assert.Single(Directory.GetFiles(RepositoryRoot.Combine(Text(name.ToString(), "project")), "*.csproj")));
    }

    [Fact]
    public void Services_AreTaggedInTheModules()
    {
        var tags = infra.Tree.Modules
            .SelectMany(module => module.File.Root.DescendantsAndSelf())
            .Where(node => node.Kind == "object")
            .Select(node => node.Member("azd-service-name")?.Literal)
            .OfType<string>();

        Assert.Equal(["front", "session-host"], tags.Order());
    }

    [Fact]
    public void SessionHost_IsDeployedByAModuleOfItsOwn()
    {
        // azd takes infra/SERVICE.bicep where SERVICE.parameters.json stands beside it.
        Assert.True(File.Exists(RepositoryRoot.Combine("infra", "session-host.bicep")));
        Assert.True(File.Exists(RepositoryRoot.Combine("infra", "session-host.parameters.json")));
    }

    [Fact]
    public void SessionHost_IsBuiltFromTheWholeTree()
    {
        var docker = (YamlMappingNode)Services["session-host"]["docker"];
        var project = RepositoryRoot.Combine(Text("session-host", "project"));

        Assert.True(File.Exists(Path.Combine(project, docker["path"].ToString())));
        Assert.Equal(RepositoryRoot.Path, Path.GetFullPath(Path.Combine(project, docker["context"].ToString())));
    }

    [Fact]
    public void Up_ProvisionsBeforeItBuilds()
    {
        // The build needs DurableBackend, which is an output of the provisioning.
        var steps = (YamlSequenceNode)s_root["workflows"]["up"]["steps"];

        Assert.Equal(["provision", "deploy --all"], steps.Select(step => step["azd"].ToString()));
        Assert.NotNull(infra.Tree["main.bicep"].Find(Declaration.Output, "DurableBackend"));
        Assert.All(((YamlMappingNode)Services["front"]["hooks"]["prepackage"]).Children.Values, hook =>
            Assert.Contains("DurableBackend", hook["run"].ToString(), StringComparison.Ordinal));
    }

    private static string Text(string service, string key) => Services[service][key].ToString();

    private static YamlMappingNode Load()
    {
        using var reader = File.OpenText(RepositoryRoot.Combine("azure.yaml"));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
