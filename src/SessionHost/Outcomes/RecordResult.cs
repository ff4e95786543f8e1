namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>What became of a turn's outcome.</summary>
internal enum RecordResult
{
    /// <summary>It is in the turn's row.</summary>
    Recorded,

    /// <summary>It does not count: the turn has moved on to another epoch, or has ended otherwise.</summary>
    Fenced,

    /// <summary>The storage was away for too long, or the host ends.</summary>
    GivenUp,
}
