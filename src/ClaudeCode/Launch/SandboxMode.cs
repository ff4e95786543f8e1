namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>How a process is kept from what is not its session's.</summary>
public enum SandboxMode
{
    /// <summary>By the CLI's own permission rules and the modes of files.</summary>
    None,

    /// <summary>By mount and process namespaces of its own: it sees its session's folders and the system's programs, and nothing else.</summary>
    Bubblewrap,
}
