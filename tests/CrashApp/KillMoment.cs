namespace FunctionsBroker.CrashApp;

/// <summary>Where in a write the process is killed.</summary>
internal enum KillMoment
{
    Never,

    /// <summary>The request never leaves.</summary>
    Before,

    /// <summary>The request is on its way; the service may or may not get to see it.</summary>
    During,

    /// <summary>The service has done it, and this process does not act on that any more.</summary>
    After,
}
