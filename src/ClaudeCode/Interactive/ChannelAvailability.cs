namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Whether the CLI lets our channel's messages in.</summary>
internal abstract record ChannelAvailability
{
    private ChannelAvailability()
    {
    }

    /// <param name="Confirmed">Whether the CLI said so; otherwise it has only said nothing against it in time.</param>
    public sealed record Available(bool Confirmed) : ChannelAvailability;

    /// <param name="Text">What the CLI said, for a person.</param>
    public sealed record Unavailable(ChannelRefusal Reason, string Text) : ChannelAvailability;
}

/// <summary>Why the CLI does not let a channel's messages in.</summary>
public enum ChannelRefusal
{
    /// <summary>It gives a reason that is not known here.</summary>
    Other,

    /// <summary>The vendor does not offer channels to this account, or the CLI may not ask whether it does.</summary>
    FeatureOff,

    /// <summary>The flag did not name our server, or its name is not on the vendor's list.</summary>
    FlagRefused,

    /// <summary>The organisation has not switched channels on.</summary>
    OrganisationPolicy,

    /// <summary>The way of signing in, or the cloud provider, has no channels.</summary>
    Provider,

    /// <summary>The connection speaks a revision of MCP without messages that nobody has asked for.</summary>
    ProtocolEra,

    /// <summary>Our server did not declare the capability.</summary>
    NotDeclared,
}
