// The Functions app: HTTP, queues, timers and the durable functions, on Flex Consumption.

param location string
param tags object
param name string
param planName string
param identityId string
param identityClientId string
param subnetId string
param packagesUrl string
param blobEndpoint string
param queueEndpoint string
param tableEndpoint string
param callbackKeyUri string
param spareCallbackKeyUri string
param hostKeyUri string
param openAiKeyUri string
param applicationInsightsConnectionString string

@description('For which the calls of front and hosts to each other carry a token; empty for none.')
param identityAudience string

@description('The identity that calls must come from; empty where none is asked for.')
param callerPrincipalId string

@description('The address of the Durable Task Scheduler; empty where Azure Storage keeps the durable state.')
param durableTaskEndpoint string

@description('Queues, apart from replies, that callers may have their replies sent to.')
param replyQueues array

@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int

@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that are always there for HTTP calls: no cold start, at a price.')
@minValue(0)
param alwaysReadyHttpInstances int

var storageSettings = [
  {
    name: 'AzureWebJobsStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'AzureWebJobsStorage__clientId'
    value: identityClientId
  }
  {
    name: 'AzureWebJobsStorage__blobServiceUri'
    value: blobEndpoint
  }
  {
    name: 'AzureWebJobsStorage__queueServiceUri'
    value: queueEndpoint
  }
  {
    name: 'AzureWebJobsStorage__tableServiceUri'
    value: tableEndpoint
  }
]

// Without it "/" is the page of the platform.
var platformSettings = [
  {
    name: 'AzureWebJobsDisableHomepage'
    value: 'true'
  }
]

var durableSettings = empty(durableTaskEndpoint) ? [] : [
  {
    name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
    value: 'Endpoint=${durableTaskEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
  }
]

var telemetrySettings = [
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: applicationInsightsConnectionString
  }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identityClientId};Authorization=AAD'
  }
]

var brokerSettings = [
  {
    name: 'Broker__CallbackBaseUrl'
    value: 'https://${name}.azurewebsites.net'
  }
  {
    name: 'Broker__CallbackKey'
    value: '@Microsoft.KeyVault(SecretUri=${callbackKeyUri})'
  }
  {
    name: 'Broker__SpareCallbackKey'
    value: '@Microsoft.KeyVault(SecretUri=${spareCallbackKeyUri})'
  }
  {
    name: 'Broker__HostKey'
    value: '@Microsoft.KeyVault(SecretUri=${hostKeyUri})'
  }
  {
    name: 'Broker__OpenAiKeys__0'
    value: '@Microsoft.KeyVault(SecretUri=${openAiKeyUri})'
  }
]

var replyQueueSettings = [for (queue, index) in replyQueues: {
  name: 'Broker__ReplyQueues__${index}'
  value: queue
}]

// The identities of front and hosts, for their calls to each other.
var identitySettings = empty(identityAudience) ? [] : [
  {
    name: 'Broker__Identity__TenantId'
    value: subscription().tenantId
  }
  {
    name: 'Broker__Identity__Audience'
    value: identityAudience
  }
  {
    name: 'Broker__Identity__ClientId'
    value: identityClientId
  }
]

var callerSettings = empty(identityAudience) || empty(callerPrincipalId) ? [] : [
  {
    name: 'Broker__Identity__Callers__0'
    value: callerPrincipalId
  }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource front 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'front'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: subnetId
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0 ? [] : [
          {
            name: 'http'
            instanceCount: alwaysReadyHttpInstances
          }
        ]
      }
    }
    siteConfig: {
      appSettings: concat(storageSettings, platformSettings, durableSettings, telemetrySettings, brokerSettings, identitySettings, callerSettings, replyQueueSettings)
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
  }

  resource noFtpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource noScmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output url string = 'https://${front.properties.defaultHostName}'
