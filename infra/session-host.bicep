// What `azd deploy session-host` deploys: the hosts, one after the other, so that at most one of them restarts at a time.
// Its parameters are outputs of main.bicep and the name of the image that azd has just pushed.

param location string
param environmentName string

@description('The names of the hosts, separated by commas. The first one carries the service\'s tag, which azd wants once.')
param hostNames string
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
param modelCredentialVariable string

@description('A JSON object, in base64 because its quotes would break the parameter file.')
param modelEnvironment string
param cpu string
param memory string
param maxSessions string
param drainSeconds string

var names = split(hostNames, ',')

@batchSize(1)
module host 'app/host.bicep' = [for (name, index) in names: {
  name: 'host-${name}'
  params: {
    name: name
    location: location
    tags: union({
      'azd-env-name': environmentName
    }, index == 0 ? {
      'azd-service-name': 'session-host'
    } : {})
    image: image
    environmentId: environmentId
    registryServer: registryServer
    identityId: identityId
    identityClientId: identityClientId
    blobEndpoint: blobEndpoint
    tableEndpoint: tableEndpoint
    hostKeyUri: hostKeyUri
    spareHostKeyUri: spareHostKeyUri
    callbackKeyUri: callbackKeyUri
    modelCredentialUri: modelCredentialUri
    identityAudience: identityAudience
    callerPrincipalId: callerPrincipalId
    modelCredentialVariable: modelCredentialVariable
    modelEnvironment: json(base64ToString(modelEnvironment))
    cpu: cpu
    memory: memory
    maxSessions: int(maxSessions)
    drainSeconds: int(drainSeconds)
  }
}]
