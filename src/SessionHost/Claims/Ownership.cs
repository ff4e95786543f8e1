using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Claims;

/// <summary>Whether this host has a session.</summary>
internal abstract record Ownership
{
    private Ownership()
    {
    }

    public sealed record Held(SessionRecord Record) : Ownership;

    /// <summary>Another placement has it.</summary>
    public sealed record Lost(long HeldEpoch) : Ownership;
}
