using FunctionsBroker.Infra.Tests.Bicep;
using FunctionsBroker.Infra.Tests.Checks;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Infra.Tests;

/// <summary>That the checks find what is wrong.</summary>
public sealed class CheckerTests
{
    private const int TimeoutMs = 60_000;

    private const string Child = """
        param name string
        param size int = 1
        resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
          name: '${name}${size}'
        }
        output id string = vault.id
        """;

    private const string Parent = """
        targetScope = 'subscription'
        param name string
        resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
          name: name
        }
        module child 'core/child.bicep' = {
          name: 'child'
          scope: group
          params: {
            name: name
          }
        }
        output id string = child.outputs.id
        """;

    [Fact(Timeout = TimeoutMs)]
    public async Task Checks_SoundModules_FindNothing() => Assert.Empty(await FindAsync(Parent, Child));

    [Theory(Timeout = TimeoutMs)]
    [InlineData("name: name", "name: nam", "'nam' is not declared")]
    [InlineData("name: name", "name: [1", "] is missing")]
    [InlineData("name: name", "name: frobnicate(name)", "the function 'frobnicate' is not one")]
    [InlineData("param name string", "param name string\nparam other string", "'other' is not used")]
    [InlineData("core/child.bicep", "core/kid.bicep", "there is no module core/kid.bicep")]
    [InlineData("    name: name\n", "    title: name\n", "core/child.bicep has no parameter 'title'")]
    [InlineData("    name: name\n", "", "core/child.bicep needs 'name'")]
    [InlineData("  scope: group\n", "", "needs a scope")]
    [InlineData("child.outputs.id", "child.outputs.address", "child has no output 'address'")]
    [InlineData("output id string = child.outputs.id", "", "nobody uses the output 'id'")]
    [InlineData("resourceGroups@2025-04-01", "resourceGroups@2020-01-01", "is not in ResourceTypes")]
    [InlineData("  name: 'child'", "  name: group.properties.state", "is not known when the deployment begins")]
    [InlineData("  name: 'child'", "  name: late", "is not known when the deployment begins", "\nvar late = group.properties.state")]
    [InlineData("param name string", "@secure()\nparam name string", "'name' takes a secret and is not secure")]
    [InlineData("child.outputs.id", "'${child.outputs.id}${secret}'", "the output 'id' tells a secret", "\n@secure()\nparam secret string")]
    [InlineData("child.outputs.id", "'${child.outputs.id}${hostKey}'", "'hostKey' is not secure", "\nparam hostKey string")]
    [InlineData("child.outputs.id", "'${child.outputs.id}${group.listKeys().keys}'", "reads keys")]
    [InlineData("name: 'child'", "name: 'AccountKey=abc'", "a secret stands there")]
    [InlineData("child.outputs.id", "'${child.outputs.id}${group::inner.id}'", "'group' has no resource 'inner'")]
    [InlineData("output id string = child.outputs.id", "output id string = child.outputs.id\nresource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {\n  name: 'x'\n}", "needs its parent")]
    public async Task Checks_FaultyModule_NameTheFault(string right, string wrong, string fault, string appendix = "")
    {
        Assert.Contains(right, Parent, StringComparison.Ordinal);

        var faults = await FindAsync(Parent.Replace(right, wrong, StringComparison.Ordinal) + appendix, Child);

        Assert.Contains(faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> FindAsync(string parent, string child)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder.Combine("core"));
        await File.WriteAllTextAsync(folder.Combine("main.bicep"), parent, cancellation);
        await File.WriteAllTextAsync(folder.Combine("core", "child.bicep"), child, cancellation);
        var tree = new BicepTree(await BicepParser.ParseAsync(folder.Path, ["main.bicep", "core/child.bicep"], cancellation));
        return [.. NameChecks.Find(tree), .. ModuleChecks.Find(tree), .. ResourceChecks.Find(tree), .. SecretChecks.Find(tree)];
    }
}
