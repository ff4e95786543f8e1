namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>What an interactive process needs beside its conversation.</summary>
internal sealed record InteractiveLaunch
{
    public required HookAddress Hooks { get; init; }

    public required ChannelAddress Channel { get; init; }

    /// <summary>How long somebody may take to allow a tool.</summary>
    public TimeSpan PermissionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the end of a turn is reported as well; null for nowhere.</summary>
    public Uri? StopHookUrl { get; init; }

    /// <summary>Whether a known question at the start may be answered by key. Without it the question is a failure with its text.</summary>
    public bool AcceptPrompts { get; init; }

    /// <summary>How long the process may take until it is ready. Measured: 0.75 s alone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Where a process reports what happens in it, and how it shows that it may.</summary>
/// <param name="Base">A loopback address that ends with a slash; the name of the event is put behind it.</param>
/// <param name="Secret">Known to this process alone; it is sent in the header <see cref="Header"/>.</param>
/// <remarks>
/// Measured on 2.1.329: an <c>http</c> hook sends the static <c>headers</c> of its settings as they are. They are in a
/// file that only the process's own user can read, so the secret is in no address, log or list of processes.
/// </remarks>
internal sealed record HookAddress(Uri Base, string Secret)
{
    /// <summary>The header that carries <see cref="HeaderValue"/>.</summary>
    public const string Header = "Authorization";

    public string HeaderValue => $"Bearer {Secret}";

    public Uri For(string hookEvent) => new(Base, hookEvent);

    /// <summary>Without the secret.</summary>
    public override string ToString() => Base.ToString();
}

/// <summary>The program that connects a process with our MCP server: the server itself lives in the host.</summary>
/// <param name="Command">It speaks over its stdin and stdout.</param>
internal sealed record ChannelAddress(string Command, IReadOnlyList<string> Arguments);
