namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The Unix socket through which a session's CLI reaches its <see cref="ChannelServer"/>.</summary>
/// <remarks>
/// It lies in a folder of the session, is open to its owner only, and goes with the folder's content to the session's
/// own user. An address holds 107 bytes at most and folders may be longer, so nobody names the folder in one: the
/// server goes by the folder's descriptor, the CLI's relay by its working folder.
/// </remarks>
/// <param name="Folder">An existing folder.</param>
internal sealed record ChannelSocket(string Folder)
{
    /// <summary>The program that carries a connection over the CLI's pipes.</summary>
    public const string RelayProgram = "socat";

    /// <summary>What the CLI starts as its MCP server, with <see cref="RelayArguments"/>.</summary>
    public const string RelayCommand = "/bin/sh";

    internal const string FileName = "broker.sock";

    public string Path => System.IO.Path.Combine(Folder, FileName);

    /// <summary>The socket's name is its whole address, because <c>socat</c> gives a meaning to commas and colons in one.</summary>
    public IReadOnlyList<string> RelayArguments => ["-c", $"cd -- \"$1\" && exec {RelayProgram} - UNIX-CONNECT:{FileName}", "sh", Folder];
}
