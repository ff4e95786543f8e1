using FunctionsBroker.Infra.Tests.Bicep;

namespace FunctionsBroker.Infra.Tests;

/// <summary>What the deployment promises of itself in docs/azure.md.</summary>
public sealed class PostureTests(InfraFixture infra)
{
    // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    private static readonly Dictionary<string, string> s_roles = new()
    {
        ["acrPull"] = "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        ["blobDataContributor"] = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        ["blobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["durableTaskDataContributor"] = "0ad04412-c4d5-4796-b79c-f76d14c8d402",
        ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["queueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["secretsOfficer"] = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        ["secretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
        ["tableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    };

    [Fact]
    public void StorageAccount_HasNoKeysAndTakesHttps()
    {
        var account = Assert.Single(All("Microsoft.Storage/storageAccounts"));

        Assert.Equal("false", Property(account, "properties", "allowSharedKeyAccess"));
        Assert.Equal("false", Property(account, "properties", "allowBlobPublicAccess"));
        Assert.Equal("true", Property(account, "properties", "supportsHttpsTrafficOnly"));
    }

    [Fact]
    public void Hosts_RunAlwaysAndOnce()
    {
        var host = Assert.Single(All("Microsoft.App/containerApps"));

        Assert.Equal(("1", "1"), (Property(host, "properties", "template", "scale", "minReplicas"), Property(host, "properties", "template", "scale", "maxReplicas")));
    }

    [Fact]
    public void Hosts_ShareNothingThatIsMounted() =>
        Assert.Null(Property(Assert.Single(All("Microsoft.App/containerApps")), "properties", "template", "volumes"));

    [Fact]
    public void Hosts_AreInsideTheNetworkAndEncrypted()
    {
        Assert.Equal("true", Property(Assert.Single(All("Microsoft.App/managedEnvironments")), "properties", "vnetConfiguration", "internal"));
        Assert.Equal("false", Property(Assert.Single(All("Microsoft.App/containerApps")), "properties", "configuration", "ingress", "allowInsecure"));
    }

    [Fact]
    public void Front_TakesHttpsAndNoPasswords()
    {
        Assert.Equal("true", Property(Assert.Single(All("Microsoft.Web/sites")), "properties", "httpsOnly"));
        var policies = All("basicPublishingCredentialsPolicies");
        Assert.Equal(["ftp", "scm"], policies.Select(policy => policy.Body.Member("name")!.Literal).Order());
        Assert.All(policies, policy => Assert.Equal("false", Property(policy, "properties", "allow")));
    }

    [Fact]
    public void Registry_HasNoAdministrator() =>
        Assert.Equal("false", Property(Assert.Single(All("Microsoft.ContainerRegistry/registries")), "properties", "adminUserEnabled"));

    [Fact]
    public void Vault_UsesRolesAndSecretsAreMadeOnce()
    {
        Assert.Equal("true", Property(Assert.Single(All("Microsoft.KeyVault/vaults")), "properties", "enableRbacAuthorization"));
        var secrets = infra.Tree["core/key-vault.bicep"].Of(Declaration.Resource).Where(resource => resource.Target.Contains("/secrets@", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, secrets.Count);
        Assert.All(secrets, secret => Assert.Contains("onlyIfNotExists", secret.Decorators));
    }

    [Fact]
    public void Roles_AreThoseThatTheirNamesSay()
    {
        var used = infra.Tree.Modules
            .SelectMany(module => module.Of(Declaration.Variable))
            .Where(variable => Guid.TryParse(variable.Value!.Literal, out _))
            .Select(variable => KeyValuePair.Create(variable.Name, variable.Value!.Literal!));

        Assert.Equal(s_roles.OrderBy(role => role.Key), used.Distinct().OrderBy(role => role.Key));
    }

    [Fact]
    public void Roles_AreGivenOnResourcesOnly() =>
        Assert.All(All("Microsoft.Authorization/roleAssignments"), assignment => Assert.NotNull(assignment.Body.Member("scope")));

    // https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-configure-managed-identity asks for the data
    // contributor of each of the three; an owner of blobs is more, and what the Functions runtime asks for.
    [Fact]
    public void Front_MayDoWhatDurableOnAzureStorageNeeds() =>
        Assert.Equal(
            ["blobDataOwner", "queueDataContributor", "tableDataContributor"],
            infra.Tree["core/storage.bicep"].Variable("frontRoles").Value!.Children.Select(role => role.Text));

    [Fact]
    public void Scheduler_IsThereOnlyWhereItIsChosen()
    {
        var main = infra.Tree["main.bicep"];

        Assert.Equal("AzureStorage", main.Find(Declaration.Parameter, "durableBackend")!.Value!.Literal);
        Assert.Equal("durableBackend == 'DurableTaskScheduler'", main.Variable("withScheduler").Value!.Text);
        Assert.Contains("if (withScheduler)", main.Of(Declaration.Module).Single(module => module.Name == "durableTask").Node.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_HaveTablesTranscriptsAndTheirSecretsOnly()
    {
        var given = infra.Tree.Modules
            .SelectMany(module => module.Resources)
            .Where(resource => resource.Target.StartsWith("Microsoft.Authorization/", StringComparison.Ordinal)
                && Property(resource, "properties", "principalId") is "hostsPrincipalId" or "pullerPrincipalId")
            .Select(resource => (resource.Name, resource.Body.Member("properties")!.Member("roleDefinitionId")!.Children[1].Children[^1].Text));

        Assert.Equal(
            [
                ("hostsReadCallbackKey", "secretsUser"), ("hostsReadHostKey", "secretsUser"), ("hostsReadModelCredential", "secretsUser"),
                ("hostsReadSpareHostKey", "secretsUser"), ("hostsRole", "tableDataContributor"), ("hostsTranscriptsRole", "blobDataContributor"), ("puller", "acrPull"),
            ],
            given.Order());
        Assert.Equal("account::blobs::transcripts", infra.Tree["core/storage.bicep"].Find(Declaration.Resource, "hostsTranscriptsRole")!.Body.Member("scope")!.Text);
    }

    private List<Declaration> All(string type) =>
        [.. infra.Tree.Modules.SelectMany(module => module.Resources).Where(resource => resource.Target.Split('@')[0] == type && !resource.IsExisting)];

    private static string? Property(Declaration resource, params string[] path) =>
        path.Aggregate((SyntaxNode?)resource.Body, (node, name) => node?.Member(name))?.Text;
}
