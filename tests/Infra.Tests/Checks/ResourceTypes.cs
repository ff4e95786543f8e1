namespace FunctionsBroker.Infra.Tests.Checks;

/// <summary>The resource types that <c>infra/</c> may use, each with the one version that it uses.</summary>
/// <remarks>
/// Their existence, and every property and fixed value that the modules give them, were compared with the published type
/// definitions (Azure/bicep-types-az of 2026-08-20) on 2026-11-21. Whoever adds a type or changes a version does that again:
/// <c>bicep build</c>, which the workflow runs, has the same definitions.
/// </remarks>
internal static class ResourceTypes
{
    public static readonly IReadOnlyDictionary<string, string> Versions = new Dictionary<string, string>
    {
        ["Microsoft.App/containerApps"] = "2025-07-01",
        // The telemetry agent is in preview versions only.
        ["Microsoft.App/managedEnvironments"] = "2025-10-02-preview",
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01",
        ["Microsoft.ContainerRegistry/registries"] = "2025-11-01",
        ["Microsoft.DurableTask/schedulers"] = "2026-02-01",
        ["Microsoft.DurableTask/schedulers/taskHubs"] = "2026-02-01",
        ["Microsoft.Insights/components"] = "2020-02-02",
        // There is no other version of it.
        ["Microsoft.Insights/diagnosticSettings"] = "2021-05-01-preview",
        ["Microsoft.KeyVault/vaults"] = "2025-05-01",
        ["Microsoft.KeyVault/vaults/secrets"] = "2025-05-01",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "2024-11-30",
        ["Microsoft.Network/networkSecurityGroups"] = "2025-05-01",
        ["Microsoft.Network/privateDnsZones"] = "2024-06-01",
        ["Microsoft.Network/privateDnsZones/A"] = "2024-06-01",
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = "2024-06-01",
        ["Microsoft.Network/privateEndpoints"] = "2025-05-01",
        ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups"] = "2025-05-01",
        ["Microsoft.Network/virtualNetworks"] = "2025-05-01",
        ["Microsoft.Network/virtualNetworks/subnets"] = "2025-05-01",
        ["Microsoft.OperationalInsights/workspaces"] = "2025-07-01",
        ["Microsoft.Resources/resourceGroups"] = "2025-04-01",
        ["Microsoft.Storage/storageAccounts"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/blobServices"] = "2025-06-01",
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = "2025-06-01",
        ["Microsoft.Web/serverfarms"] = "2025-03-01",
        ["Microsoft.Web/sites"] = "2025-03-01",
        ["Microsoft.Web/sites/basicPublishingCredentialsPolicies"] = "2025-03-01",
    };
}
