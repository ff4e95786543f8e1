// One session host: a container that always runs, once, under an address of its own.

param location string
param tags object
param name string
param image string
param environmentId string
param registryServer string
param identityId string
param identityClientId string
param blobEndpoint string
param tableEndpoint string
param hostKeyUri string
param spareHostKeyUri string
param callbackKeyUri string
param modelCredentialUri string

@description('For which the calls of front and hosts to each other carry a token; empty for none.')
param identityAudience string

@description('The identity that calls must come from; empty where none is asked for.')
param callerPrincipalId string

@description('The variable that the CLI reads the model credential from.')
param modelCredentialVariable string

@description('More variables for the CLI, by name.')
param modelEnvironment object

param cpu string
param memory string
param maxSessions int

@description('How long running turns may go on when the host is told to stop, in seconds.')
@minValue(0)
@maxValue(540)
param drainSeconds int

var secrets = [
  {
    name: 'host-key'
    keyVaultUrl: hostKeyUri
    identity: identityId
  }
  {
    name: 'host-key-spare'
    keyVaultUrl: spareHostKeyUri
    identity: identityId
  }
  {
    name: 'callback-key'
    keyVaultUrl: callbackKeyUri
    identity: identityId
  }
  {
    name: 'model-credential'
    keyVaultUrl: modelCredentialUri
    identity: identityId
  }
]

var settings = [
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
    name: 'AzureWebJobsStorage__tableServiceUri'
    value: tableEndpoint
  }
  // The image's own folder: a volume in its place would not belong to the user that the image runs as.
  {
    name: 'Host__WorkPath'
    value: '/mnt/work'
  }
  {
    name: 'Host__MaxSessions'
    value: string(maxSessions)
  }
  {
    name: 'Host__ShutdownTimeout'
    value: '00:${padLeft(drainSeconds / 60, 2, '0')}:${padLeft(drainSeconds % 60, 2, '0')}'
  }
  {
    name: 'Host__HostKey'
    secretRef: 'host-key'
  }
  {
    name: 'Host__SpareHostKey'
    secretRef: 'host-key-spare'
  }
  {
    name: 'Host__CallbackKey'
    secretRef: 'callback-key'
  }
  {
    name: modelCredentialVariable
    secretRef: 'model-credential'
  }
]

// The identities of front and hosts, for their calls to each other.
var identitySettings = empty(identityAudience) ? [] : [
  {
    name: 'Host__Identity__TenantId'
    value: subscription().tenantId
  }
  {
    name: 'Host__Identity__Audience'
    value: identityAudience
  }
  {
    name: 'Host__Identity__ClientId'
    value: identityClientId
  }
]

var callerSettings = empty(identityAudience) || empty(callerPrincipalId) ? [] : [
  {
    name: 'Host__Identity__Callers__0'
    value: callerPrincipalId
  }
]

var modelSettings = [for variable in items(modelEnvironment): {
  name: variable.key
  value: variable.value
}]

resource host 'Microsoft.App/containerApps@2025-07-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      // External to the environment, which itself is inside the network only.
      ingress: {
        external: true
        allowInsecure: false
        targetPort: 8080
        transport: 'auto'
      }
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      secrets: secrets
    }
    template: {
      // Longer than the host itself needs after its turns: two times 15 seconds.
      terminationGracePeriodSeconds: drainSeconds + 60
      containers: [
        {
          name: 'session-host'
          image: image
          env: concat(settings, identitySettings, callerSettings, modelSettings)
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: 8080
              }
              periodSeconds: 2
              failureThreshold: 60
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/healthz/ready'
                port: 8080
              }
              periodSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: 8080
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}
