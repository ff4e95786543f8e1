using System.Text.RegularExpressions;
using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests;

/// <summary>The parameter files that azd fills from its environment.</summary>
public sealed partial class ParameterFileTests(InfraFixture infra)
{
    // What azd puts there by itself.
    private static readonly string[] s_ofAzd =
        ["AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE", "SERVICE_SESSION_HOST_IMAGE_NAME"];

    public static TheoryData<string, string> Files => new()
    {
        { "main.parameters.json", "main.bicep" },
        { "session-host.parameters.json", "session-host.bicep" },
    };

    // The published schema: https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json
    [Theory]
    [MemberData(nameof(Files))]
    public void File_HasTheShapeOfItsSchema(string file, string module)
    {
        var root = InfraFixture.ReadJson(file);

        Assert.Equal(["$schema", "contentVersion", "parameters"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", root.GetProperty("$schema").GetString());
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$", root.GetProperty("contentVersion").GetString());
        Assert.All(root.GetProperty("parameters").EnumerateObject(), parameter =>
            Assert.Equal("value", Assert.Single(parameter.Value.EnumerateObject()).Name));
        Assert.NotNull(infra.Tree[module]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_GivesWhatTheModuleTakesAndNeeds(string file, string module)
    {
        var given = Parameters(file).Select(parameter => parameter.Name).ToList();
        var parameters = infra.Tree[module].Of(Declaration.Parameter).ToList();

        Assert.Empty(given.Except(parameters.Select(parameter => parameter.Name)));
        Assert.Empty(parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name).Except(given));
    }

    [Fact]
    public void HostParameters_ComeFromOutputsOrFromAzd()
    {
        var outputs = infra.Tree["main.bicep"].Of(Declaration.Output).Select(output => output.Name);

        Assert.Empty(Variables("session-host.parameters.json").Except(outputs).Except(s_ofAzd));
    }

    [Fact]
    public void Outputs_AreReadByAzdByTheBuildOrByTheHosts()
    {
        string[] elsewhere =
            ["AZURE_LOCATION", "AZURE_RESOURCE_GROUP", "AZURE_CONTAINER_REGISTRY_ENDPOINT", "AZURE_KEY_VAULT_NAME", "FRONT_NAME", "FRONT_URL", "DurableBackend"];
        var outputs = infra.Tree["main.bicep"].Of(Declaration.Output).Select(output => output.Name);

        Assert.Empty(outputs.Except(Variables("session-host.parameters.json")).Except(elsewhere));
    }

    [Fact]
    public void Defaults_AreThoseOfTheModule()
    {
        // ${NAME=default}: the default stands in two places, because azd fills in nothing for what is not set.
        Assert.All(Parameters("main.parameters.json"), parameter =>
        {
            if (Default().Match(parameter.Value) is { Success: true } match)
            {
                var declared = infra.Tree["main.bicep"].Find(Declaration.Parameter, parameter.Name)!.Value!;
                Assert.Equal(declared.Literal ?? declared.Text, match.Groups["default"].Value);
            }
        });
    }

    private static IEnumerable<(string Name, string Value)> Parameters(string file) =>
        InfraFixture.ReadJson(file).GetProperty("parameters").EnumerateObject().Select(member => (member.Name, member.Value.GetProperty("value").GetString()!));

    private static IEnumerable<string> Variables(string file) =>
        Parameters(file).Select(parameter => Variable().Match(parameter.Value).Groups["name"].Value);

    [GeneratedRegex(@"^\$\{(?<name>[A-Za-z_]+)(=[^}]*)?\}$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"=(?<default>[^}]*)\}$")]
    private static partial Regex Default();
}
