// The Durable Task Scheduler: keeps the orchestrations and entities of the front, where it is chosen over Azure Storage.

param location string
param tags object
param name string
param taskHubName string

@allowed([
  'Consumption'
  'Dedicated'
])
param sku string

@description('Capacity units of the Dedicated SKU.')
param capacity int

param frontPrincipalId string

@description('Who may open the dashboard, besides owners; empty for nobody.')
param operatorPrincipalId string

@allowed([
  'User'
  'Group'
  'ServicePrincipal'
])
param operatorPrincipalType string

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // Callers need an Entra token whatever their address is.
    ipAllowlist: [
      '0.0.0.0/0'
    ]
    sku: sku == 'Dedicated' ? {
      name: sku
      capacity: capacity
    } : {
      name: sku
    }
  }

  resource taskHub 'taskHubs' = {
    name: taskHubName
  }
}

resource frontRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler::taskHub.id, frontPrincipalId, durableTaskDataContributor)
  scope: scheduler::taskHub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: frontPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(scheduler.id, operatorPrincipalId, durableTaskDataContributor)
  scope: scheduler
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

output endpoint string = scheduler.properties.endpoint
