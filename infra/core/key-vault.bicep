// The secrets. Provisioning makes each once and never changes it: they are rotated in the vault (docs/azure.md).

param location string
param tags object
param name string

@description('Whether the vault can be reached from outside of the network.')
param publicAccess bool

@description('Whether a deleted vault stays for its 90 days whatever happens. Cannot be switched off again.')
param purgeProtection bool

param frontPrincipalId string
param hostsPrincipalId string

@description('Who may rotate secrets, besides owners; empty for nobody.')
param operatorPrincipalId string

@allowed([
  'User'
  'Group'
  'ServicePrincipal'
])
param operatorPrincipalType string

@secure()
param modelCredential string

@secure()
param callbackKey string

@secure()
param hostKey string

@secure()
param spareCallbackKey string

@secure()
param spareHostKey string

@secure()
param openAiKey string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

@onlyIfNotExists()
resource callbackKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'callback-key'
  properties: {
    value: callbackKey
  }
}

@onlyIfNotExists()
resource spareCallbackKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'callback-key-spare'
  properties: {
    value: spareCallbackKey
  }
}

@onlyIfNotExists()
resource hostKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'host-key'
  properties: {
    value: hostKey
  }
}

@onlyIfNotExists()
resource spareHostKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'host-key-spare'
  properties: {
    value: spareHostKey
  }
}

@onlyIfNotExists()
resource openAiKeySecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'openai-key'
  properties: {
    value: openAiKey
  }
}

@onlyIfNotExists()
resource modelCredentialSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'model-credential'
  properties: {
    value: empty(modelCredential) ? 'not-set' : modelCredential
  }
}

resource frontReadsCallbackKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(callbackKeySecret.id, frontPrincipalId, secretsUser)
  scope: callbackKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource frontReadsSpareCallbackKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(spareCallbackKeySecret.id, frontPrincipalId, secretsUser)
  scope: spareCallbackKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource frontReadsHostKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostKeySecret.id, frontPrincipalId, secretsUser)
  scope: hostKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource frontReadsOpenAiKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(openAiKeySecret.id, frontPrincipalId, secretsUser)
  scope: openAiKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource hostsReadHostKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostKeySecret.id, hostsPrincipalId, secretsUser)
  scope: hostKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource hostsReadSpareHostKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(spareHostKeySecret.id, hostsPrincipalId, secretsUser)
  scope: spareHostKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource hostsReadCallbackKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(callbackKeySecret.id, hostsPrincipalId, secretsUser)
  scope: callbackKeySecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource hostsReadModelCredential 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(modelCredentialSecret.id, hostsPrincipalId, secretsUser)
  scope: modelCredentialSecret
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: hostsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, secretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

// Addresses without a version: whoever reads them gets the secret that is there now.
output callbackKeyUri string = '${vault.properties.vaultUri}secrets/${callbackKeySecret.name}'
output spareCallbackKeyUri string = '${vault.properties.vaultUri}secrets/${spareCallbackKeySecret.name}'
output hostKeyUri string = '${vault.properties.vaultUri}secrets/${hostKeySecret.name}'
output spareHostKeyUri string = '${vault.properties.vaultUri}secrets/${spareHostKeySecret.name}'
output openAiKeyUri string = '${vault.properties.vaultUri}secrets/${openAiKeySecret.name}'
output modelCredentialUri string = '${vault.properties.vaultUri}secrets/${modelCredentialSecret.name}'
