// The Container Apps environment of the session hosts: inside the network only, with a name for every host.

param location string
param tags object
param name string
param subnetId string
param virtualNetworkId string
param workspaceId string
param applicationInsightsConnectionString string
param zoneRedundant bool

// A preview version, because the telemetry agent is in no other.
resource managedEnvironment 'Microsoft.App/managedEnvironments@2025-10-02-preview' = {
  name: name
  location: location
  tags: tags
  properties: {
    vnetConfiguration: {
      internal: true
      infrastructureSubnetId: subnetId
    }
    zoneRedundant: zoneRedundant
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    appInsightsConfiguration: {
      connectionString: applicationInsightsConnectionString
    }
    openTelemetryConfiguration: {
      tracesConfiguration: {
        destinations: [
          'appInsights'
        ]
      }
      logsConfiguration: {
        destinations: [
          'appInsights'
        ]
      }
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: managedEnvironment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}

module names '../core/wildcard-dns.bicep' = {
  name: '${name}-names'
  params: {
    domain: managedEnvironment.properties.defaultDomain
    address: managedEnvironment.properties.staticIp
    tags: tags
    virtualNetworkId: virtualNetworkId
  }
}

output id string = managedEnvironment.id
