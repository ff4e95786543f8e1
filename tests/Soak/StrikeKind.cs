namespace FunctionsBroker.Soak;

internal enum StrikeKind
{
    /// <summary>SIGKILL for one session's <c>claude</c>.</summary>
    Claude,

    /// <summary>SIGKILL for a session host.</summary>
    Host,

    /// <summary>SIGTERM for a session host, which then drains.</summary>
    HostDrain,

    /// <summary>SIGKILL for the Functions app.</summary>
    Front,

    /// <summary>SIGTERM for Azurite, which is started again when it has ended.</summary>
    Storage,
}
