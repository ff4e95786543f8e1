using System.Net.Sockets;
using System.Runtime.InteropServices;
using FunctionsBroker.ClaudeCode.Processes;
using Microsoft.Win32.SafeHandles;

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

/// <summary>The server's end of a <see cref="ChannelSocket"/>; its file is there for as long as this is.</summary>
internal sealed class ListeningSocket : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SafeFileHandle _folder;

    /// <summary>Listens, in place of whoever did before.</summary>
    /// <exception cref="IOException">The folder is missing or may not be written to.</exception>
    public ListeningSocket(ChannelSocket socket)
    {
        _folder = FileDescriptor.Open(socket.Folder, FileDescriptor.PathOnly | FileDescriptor.CloseOnExec);
        try
        {
            if (_folder.IsInvalid)
            {
                throw new IOException($"The folder '{socket.Folder}' could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            File.Delete(socket.Path);
            _socket.Bind(new UnixDomainSocketEndPoint($"{FileDescriptor.LinkTo(_folder)}/{ChannelSocket.FileName}"));

            // In this order: until it listens nobody can connect, whatever the mode.
            File.SetUnixFileMode(socket.Path, OwnerOnly);
            _socket.Listen();
        }
        catch (Exception exception)
        {
            Dispose();
            throw exception is SocketException ? new IOException($"The socket '{socket.Path}' could not be made: {exception.Message}", exception) : exception;
        }
    }

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    public void Dispose()
    {
        // In this order: the socket removes its file by the name that it was bound to, which goes by the descriptor.
        _socket.Dispose();
        _folder.Dispose();
    }
}
