namespace FunctionsBroker.Sessions.Turns;

/// <summary>In which way a turn got no reply.</summary>
public enum SetbackKind
{
    /// <summary>No host took it, so nothing of it ran.</summary>
    Refused,

    /// <summary>A host was asked and said nothing: what it did is unknown.</summary>
    Silent,

    /// <summary>A host ran it and said why there is no reply. It has made all the tries that its profile allows.</summary>
    Failed,

    /// <summary>The host that ran it went away.</summary>
    Lost,
}
