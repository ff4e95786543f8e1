using System.Net.Sockets;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>A server with its socket in a folder of its own, and clients of it.</summary>
internal sealed class ChannelHarness : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<(McpClient Client, NetworkStream Stream)> _clients = [];

    public ChannelHarness(string below = "home")
    {
        Socket = new ChannelSocket(_folder.Combine(below));
        Directory.CreateDirectory(Socket.Folder);
        Server = ChannelServer.Listen(Socket, Listener, TimeProvider.System, NullLogger.Instance);
    }

    public ChannelSocket Socket { get; }

    public RecordingListener Listener { get; } = new();

    public ChannelServer Server { get; }

    public async Task<NetworkStream> ConnectRawAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket.Path), TestContext.Current.CancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects the SDK's own client, and has it end its handshake.</summary>
    public async Task<McpClient> ConnectAsync(Action<JsonRpcNotification>? notified = null, string name = "test-client")
    {
        var stream = await ConnectRawAsync();
        var client = await McpClient.CreateAsync(
            new StreamClientTransport(stream, stream),
            new McpClientOptions
            {
                ClientInfo = new Implementation { Name = name, Version = "1.2" },
                ProtocolVersion = "2025-11-25",
                Handlers = new McpClientHandlers
                {
                    NotificationHandlers =
                    [
                        new("notifications/claude/channel", (notification, _) => Told(notification)),
                        new("notifications/claude/channel/permission", (notification, _) => Told(notification)),
                    ],
                },
            },
            cancellationToken: TestContext.Current.CancellationToken);
        _clients.Add((client, stream));
        return client;

        ValueTask Told(JsonRpcNotification notification)
        {
            notified?.Invoke(notification);
            return default;
        }
    }

    /// <summary>Ends a client and its connection, which the SDK leaves open.</summary>
    public async Task DisconnectAsync(McpClient client)
    {
        await client.DisposeAsync();
        await _clients.Single(entry => entry.Client == client).Stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, _) in _clients)
        {
            await DisconnectAsync(client);
        }

        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
