using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>What a caller wants listed.</summary>
internal sealed record SessionListing
{
    public SessionFilter Filter { get; init; } = new();

    public SessionStatus? Status { get; init; }

    /// <summary>The last session of the page before.</summary>
    public SessionId? After { get; init; }

    public required int Limit { get; init; }

    /// <summary>Whether only sessions that are awake on a host can fit, which are few and known.</summary>
    public bool IsOfAwake => Status is SessionStatus.Idle or SessionStatus.Running or SessionStatus.WaitingForPermission;
}
