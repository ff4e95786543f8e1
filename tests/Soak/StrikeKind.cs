namespace FunctionsBroker.Soak;

internal enum StrikeKind
{
    /// <summary>SIGKILL for one session's <c>claude</c>.</summary>
    Claude,

    /// <summary>SIGKILL for a session host.</summary>
    Host,

    /// <summary>SIGTERM for a session host, which then drains.</summary>
    HostDrain,

    /// <summary>SIGKILL for the Functions host, which takes its worker with it.</summary>
    Front,

    /// <summary>SIGKILL for the worker of the Functions host, which starts another.</summary>
    Worker,

    /// <summary>SIGTERM for Azurite, which is started again when it has ended.</summary>
    Storage,
}
