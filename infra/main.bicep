// Everything that is there before the programs are deployed. docs/azure.md describes it.

targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('The name of the azd environment; part of the resource group\'s name.')
param environmentName string

@description('The region of everything. It needs Flex Consumption, Container Apps and, if chosen, the Durable Task Scheduler.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('What keeps the durable state. The front is built for one of them: let its turns end before a change, and deploy it again afterwards.')
@allowed([
  'AzureStorage'
  'DurableTaskScheduler'
])
param durableBackend string = 'AzureStorage'

@description('Of the Durable Task Scheduler: Consumption is paid by action, Dedicated by capacity unit.')
@allowed([
  'Consumption'
  'Dedicated'
])
param durableTaskSku string = 'Consumption'

@minValue(1)
param durableTaskCapacity int = 1

@description('How many session hosts there are.')
@minValue(1)
@maxValue(200)
param hostCount int = 2

@description('Of one host, in cores. With the memory one of the pairs that Container Apps offers: 1 and 2Gi, 2 and 4Gi, 4 and 8Gi.')
param hostCpu string = '2.0'
param hostMemory string = '4Gi'

@description('Live processes of one host.')
@minValue(1)
@maxValue(1000)
param hostMaxSessions int = 12

@description('How long running turns may go on when a host is told to stop, in seconds.')
@minValue(0)
@maxValue(540)
param hostDrainSeconds int = 300

@description('The model credential. Only the first provisioning takes it; afterwards it is changed in the vault.')
@secure()
param modelCredential string = ''

@description('The variable that the CLI reads the model credential from.')
param modelCredentialVariable string = 'ANTHROPIC_API_KEY'

@description('More variables for the CLI, by name. Not for secrets.')
param modelEnvironment object = {}

@description('Queues, apart from replies, that callers may have their replies sent to.')
param replyQueues array = []

@description('Whether storage and the vault are reached from inside the network only.')
param privateEndpoints bool = false

@description('The application id URI of an app registration that stands for front and hosts: their calls to each other carry a token for it. Empty for none.')
param identityAudience string = ''

@description('Whether front and hosts ask each other for such a token, beside the key. First deploy everything with the audience only.')
param identityRequired bool = false

@description('Whether zones are made use of, where the region has them.')
param zoneRedundant bool = false

@description('The network\'s address range; at least a /20.')
param addressPrefix string = '10.80.0.0/20'

@allowed([
  512
  2048
  4096
])
param frontInstanceMemoryMB int = 2048

@minValue(1)
@maxValue(1000)
param frontMaximumInstances int = 40

@description('Instances of the front that are always there for HTTP calls.')
@minValue(0)
param frontAlwaysReadyInstances int = 0

param logRetentionDays int = 30

@description('Whether a deleted vault stays for its 90 days whatever happens.')
param vaultPurgeProtection bool = false

@description('Who deploys: may rotate secrets and see the dashboard. Empty for nobody.')
param principalId string = ''

@allowed([
  'User'
  'Group'
  'ServicePrincipal'
])
param principalType string = 'User'

// Made anew by every provisioning, taken by the first one only.
@secure()
param callbackKey string = '${newGuid()}${newGuid()}'

@secure()
param spareCallbackKey string = '${newGuid()}${newGuid()}'

@secure()
param hostKey string = '${newGuid()}${newGuid()}'

@secure()
param spareHostKey string = '${newGuid()}${newGuid()}'

@secure()
param openAiKey string = '${newGuid()}${newGuid()}'

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
}
var withScheduler = durableBackend == 'DurableTaskScheduler'
// The name stands in host.json too.
var taskHubName = 'FunctionsBroker'
var frontName = '${abbreviations.webSitesFunctions}${token}'
var storageName = '${abbreviations.storageStorageAccounts}${token}'
var vaultName = '${abbreviations.keyVaultVaults}${token}'
var hostNames = map(range(1, hostCount), number => '${abbreviations.appContainerApps}host-${number}')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

module frontIdentity 'core/identity.bicep' = {
  name: 'front-identity'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.managedIdentityUserAssignedIdentities}front-${token}'
  }
}

module hostsIdentity 'core/identity.bicep' = {
  name: 'hosts-identity'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.managedIdentityUserAssignedIdentities}hosts-${token}'
  }
}

module monitoring 'core/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${token}'
    applicationInsightsName: '${abbreviations.insightsComponents}${token}'
    writerPrincipalId: frontIdentity.outputs.principalId
    retentionInDays: logRetentionDays
  }
}

module network 'core/network.bicep' = {
  name: 'network'
  scope: group
  params: {
    location: location
    tags: tags
    virtualNetworkName: '${abbreviations.networkVirtualNetworks}${token}'
    hostsSecurityGroupName: '${abbreviations.networkNetworkSecurityGroups}hosts-${token}'
    addressPrefix: addressPrefix
  }
}

module storage 'core/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: storageName
    sku: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    packageContainerName: 'front-package'
    publicAccess: !privateEndpoints
    frontPrincipalId: frontIdentity.outputs.principalId
    hostsPrincipalId: hostsIdentity.outputs.principalId
  }
}

module vault 'core/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    location: location
    tags: tags
    name: vaultName
    publicAccess: !privateEndpoints
    purgeProtection: vaultPurgeProtection
    frontPrincipalId: frontIdentity.outputs.principalId
    hostsPrincipalId: hostsIdentity.outputs.principalId
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
    modelCredential: modelCredential
    callbackKey: callbackKey
    spareCallbackKey: spareCallbackKey
    hostKey: hostKey
    spareHostKey: spareHostKey
    openAiKey: openAiKey
  }
}

module registry 'core/registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.containerRegistryRegistries}${token}'
    pullerPrincipalId: hostsIdentity.outputs.principalId
  }
}

module durableTask 'core/durable-task.bicep' = if (withScheduler) {
  name: 'durable-task'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.durableTaskSchedulers}${token}'
    taskHubName: taskHubName
    sku: durableTaskSku
    capacity: durableTaskCapacity
    frontPrincipalId: frontIdentity.outputs.principalId
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
  }
}

var privateServices = [
  {
    name: 'blob'
    groupId: 'blob'
    serviceId: '${group.id}/providers/Microsoft.Storage/storageAccounts/${storageName}'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
  {
    name: 'queue'
    groupId: 'queue'
    serviceId: '${group.id}/providers/Microsoft.Storage/storageAccounts/${storageName}'
    zone: 'privatelink.queue.${environment().suffixes.storage}'
  }
  {
    name: 'table'
    groupId: 'table'
    serviceId: '${group.id}/providers/Microsoft.Storage/storageAccounts/${storageName}'
    zone: 'privatelink.table.${environment().suffixes.storage}'
  }
  {
    name: 'vault'
    groupId: 'vault'
    serviceId: '${group.id}/providers/Microsoft.KeyVault/vaults/${vaultName}'
    zone: 'privatelink.vaultcore.azure.net'
  }
]

module privateEndpoint 'core/private-endpoint.bicep' = [for service in privateServices: if (privateEndpoints) {
  name: 'private-${service.name}'
  scope: group
  dependsOn: [
    storage
    vault
  ]
  params: {
    location: location
    tags: tags
    name: '${abbreviations.networkPrivateEndpoints}${service.name}-${token}'
    serviceId: service.serviceId
    groupId: service.groupId
    dnsZoneName: service.zone
    virtualNetworkId: network.outputs.virtualNetworkId
    subnetId: network.outputs.privateEndpointsSubnetId
  }
}]

module hostEnvironment 'app/host-environment.bicep' = {
  name: 'host-environment'
  scope: group
  dependsOn: [
    privateEndpoint
  ]
  params: {
    location: location
    tags: tags
    name: '${abbreviations.appManagedEnvironments}${token}'
    subnetId: network.outputs.hostsSubnetId
    virtualNetworkId: network.outputs.virtualNetworkId
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsConnectionString: monitoring.outputs.applicationInsightsConnectionString
    zoneRedundant: zoneRedundant
  }
}

module front 'app/front.bicep' = {
  name: 'front'
  scope: group
  dependsOn: [
    privateEndpoint
  ]
  params: {
    location: location
    tags: tags
    name: frontName
    planName: '${abbreviations.webServerFarms}${token}'
    identityId: frontIdentity.outputs.id
    identityClientId: frontIdentity.outputs.clientId
    subnetId: network.outputs.frontSubnetId
    packagesUrl: storage.outputs.packagesUrl
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    callbackKeyUri: vault.outputs.callbackKeyUri
    spareCallbackKeyUri: vault.outputs.spareCallbackKeyUri
    hostKeyUri: vault.outputs.hostKeyUri
    openAiKeyUri: vault.outputs.openAiKeyUri
    identityAudience: identityAudience
    callerPrincipalId: identityRequired ? hostsIdentity.outputs.principalId : ''
    applicationInsightsConnectionString: monitoring.outputs.applicationInsightsConnectionString
    durableTaskEndpoint: withScheduler ? durableTask!.outputs.endpoint : ''
    replyQueues: replyQueues
    instanceMemoryMB: frontInstanceMemoryMB
    maximumInstanceCount: frontMaximumInstances
    alwaysReadyHttpInstances: frontAlwaysReadyInstances
  }
}

// azd keeps outputs in its environment. The first group is read by azd itself, the second by the build of the front
// (src/Functions), the third by session-host.parameters.json.
output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output AZURE_KEY_VAULT_NAME string = vaultName
output FRONT_NAME string = frontName
output FRONT_URL string = front.outputs.url

output DurableBackend string = durableBackend

output HOST_NAMES string = join(hostNames, ',')
output HOST_CPU string = hostCpu
output HOST_MEMORY string = hostMemory
output HOST_MAX_SESSIONS string = string(hostMaxSessions)
output HOST_DRAIN_SECONDS string = string(hostDrainSeconds)
output HOST_ENVIRONMENT_ID string = hostEnvironment.outputs.id
output HOST_IDENTITY_ID string = hostsIdentity.outputs.id
output HOST_IDENTITY_CLIENT_ID string = hostsIdentity.outputs.clientId
output IDENTITY_AUDIENCE string = identityAudience
output IDENTITY_HOST_CALLER string = identityRequired ? frontIdentity.outputs.principalId : ''
output STORAGE_BLOB_ENDPOINT string = storage.outputs.blobEndpoint
output STORAGE_TABLE_ENDPOINT string = storage.outputs.tableEndpoint
output SECRET_HOST_KEY_URI string = vault.outputs.hostKeyUri
output SECRET_SPARE_HOST_KEY_URI string = vault.outputs.spareHostKeyUri
output SECRET_CALLBACK_KEY_URI string = vault.outputs.callbackKeyUri
output SECRET_MODEL_CREDENTIAL_URI string = vault.outputs.modelCredentialUri
output MODEL_CREDENTIAL_VARIABLE string = modelCredentialVariable
output MODEL_ENVIRONMENT string = base64(string(modelEnvironment))
