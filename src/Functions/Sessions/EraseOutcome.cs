namespace FunctionsBroker.Functions.Sessions;

/// <summary>How far a session's removal has come.</summary>
internal enum EraseOutcome
{
    /// <summary>Nothing of it is left, or it is to be kept.</summary>
    Done,

    /// <summary>There is more to remove.</summary>
    More,

    /// <summary>A host has not removed the session's files; it may be asked again after a pause.</summary>
    FilesLeft,
}
