namespace Azure.Storage.Queues.Models;

/// <summary>What a listing of queues tells of each.</summary>
[Flags]
public enum QueueTraits
{
    /// <summary>The name.</summary>
    None = 0,

    /// <summary>The metadata too.</summary>
    Metadata = 1,
}
