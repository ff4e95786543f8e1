namespace FunctionsBroker.Sessions.Storage;

/// <summary>Which sessions a list is to hold; every part that is set has to fit.</summary>
public sealed record SessionFilter
{
    /// <summary>The host that has the session, or had it last.</summary>
    public string? HostId { get; init; }

    public string? Profile { get; init; }

    public string? Tag { get; init; }

    public bool Matches(SessionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);

        return (HostId is null || record.HostId == HostId)
            && (Profile is null || record.Profile == Profile)
            && (Tag is null || record.Tags.Contains(Tag, StringComparer.Ordinal));
    }
}
