// The folder that all hosts share: transcripts, and what else a resume needs. NFS, because SMB mounts of Container Apps
// need the account's key, and because session folders rely on file modes and links. Who may mount is decided by the network.

param location string
param tags object
param name string

@description('What the share can hold, in GiB; premium shares are paid by this size.')
@minValue(100)
@maxValue(102400)
param sizeInGib int

@description('The replication of the account.')
@allowed([
  'Premium_LRS'
  'Premium_ZRS'
])
param sku string

@description('The subnet that may mount the share.')
param subnetId string

@description('Whether the subnet reaches the share by its service endpoint; otherwise by a private endpoint only.')
param serviceEndpoint bool

var shareName = 'sessions'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'FileStorage'
  sku: {
    name: sku
  }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    // NFS mounts of Container Apps are not encrypted in transit, and secure transfer would refuse them.
    supportsHttpsTrafficOnly: false
    publicNetworkAccess: serviceEndpoint ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
      virtualNetworkRules: serviceEndpoint ? [
        {
          id: subnetId
          action: 'Allow'
        }
      ] : []
    }
  }

  resource files 'fileServices' = {
    name: 'default'
    properties: {
      shareDeleteRetentionPolicy: {
        enabled: true
        days: 14
      }
    }

    resource sessions 'shares' = {
      name: shareName
      properties: {
        enabledProtocols: 'NFS'
        // The init container, which makes the folder that belongs to the hosts' user, runs as root.
        rootSquash: 'NoRootSquash'
        shareQuota: sizeInGib
      }
    }
  }
}

output server string = '${account.name}.file.${environment().suffixes.storage}'
output sharePath string = '/${account.name}/${shareName}'
