// One network: the front reaches the hosts through it, and nobody else does.

param location string
param tags object
param virtualNetworkName string
param hostsSecurityGroupName string

@description('The network\'s address range; at least a /20.')
param addressPrefix string

var frontPrefix = cidrSubnet(addressPrefix, 24, 0)
var privateEndpointsPrefix = cidrSubnet(addressPrefix, 24, 1)
var hostsPrefix = cidrSubnet(addressPrefix, 23, 1)

resource hostsSecurityGroup 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: hostsSecurityGroupName
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'front'
        properties: {
          description: 'The front calls the hosts.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: frontPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: hostsPrefix
          destinationPortRanges: [
            '443'
            '31443'
          ]
        }
      }
      {
        name: 'environment'
        properties: {
          description: 'The Container Apps environment talks to itself.'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: hostsPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: hostsPrefix
          destinationPortRange: '*'
        }
      }
      {
        name: 'load-balancer'
        properties: {
          description: 'The platform asks whether the environment\'s nodes are well.'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: hostsPrefix
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'nobody-else'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: virtualNetworkName
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'front'
        properties: {
          addressPrefix: frontPrefix
          delegations: [
            {
              name: 'functions'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'hosts'
        properties: {
          addressPrefix: hostsPrefix
          networkSecurityGroup: {
            id: hostsSecurityGroup.id
          }
          delegations: [
            {
              name: 'container-apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: privateEndpointsPrefix
        }
      }
    ]
  }

  resource frontSubnet 'subnets' existing = {
    name: 'front'
  }

  resource hostsSubnet 'subnets' existing = {
    name: 'hosts'
  }

  resource privateEndpointsSubnet 'subnets' existing = {
    name: 'private-endpoints'
  }
}

output virtualNetworkId string = virtualNetwork.id
output frontSubnetId string = virtualNetwork::frontSubnet.id
output hostsSubnetId string = virtualNetwork::hostsSubnet.id
output privateEndpointsSubnetId string = virtualNetwork::privateEndpointsSubnet.id
