// Tables, queues and transcripts of the broker, and what the Functions runtime and Durable Functions keep. No keys: identities only.

param location string
param tags object
param name string

@description('The replication of the account.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param sku string

@description('The container that holds the front\'s package.')
param packageContainerName string

@description('Whether the account can be reached from outside of the network.')
param publicAccess bool

param frontPrincipalId string
param hostsPrincipalId string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// The Functions runtime owns its blobs; Durable on Azure Storage needs blobs, queues and tables.
var frontRoles = [
  blobDataOwner
  queueDataContributor
  tableDataContributor
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // For containers only: what is erased of a session is gone.
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }

    resource packages 'containers' = {
      name: packageContainerName
    }

    resource transcripts 'containers' = {
      name: 'transcripts'
    }
  }
}

resource frontRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in frontRoles: {
  name: guid(account.id, frontPrincipalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

resource hostsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, hostsPrincipalId, tableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource hostsTranscriptsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::transcripts.id, hostsPrincipalId, blobDataContributor)
  scope: account::blobs::transcripts
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
output packagesUrl string = '${account.properties.primaryEndpoints.blob}${packageContainerName}'
