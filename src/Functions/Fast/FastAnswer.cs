namespace FunctionsBroker.Functions.Fast;

/// <summary>What a host made of a turn that was given to it ahead of its mailbox.</summary>
internal enum FastAnswer
{
    /// <summary>It has not said, or not in time: it may run the turn.</summary>
    Unknown,

    /// <summary>It has the turn.</summary>
    Accepted,

    /// <summary>It does not have it: it said no, or could not be reached.</summary>
    Refused,
}
