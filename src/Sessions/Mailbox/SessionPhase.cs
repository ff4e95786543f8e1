namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>Whether a session's turns may begin.</summary>
public enum SessionPhase
{
    /// <summary>They do.</summary>
    Open,

    /// <summary>The session is to be erased when the turns that came before that have ended; later ones wait.</summary>
    Closing,

    /// <summary>The session is being erased; turns wait.</summary>
    Erasing,
}
