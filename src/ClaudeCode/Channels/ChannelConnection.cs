using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>One client of a <see cref="ChannelServer"/>, from its connecting to its end: a session of the protocol.</summary>
internal sealed partial class ChannelConnection : IAsyncDisposable
{
    private static readonly string s_version = typeof(ChannelConnection).Assembly.GetName().Version?.ToString(3) ?? "0";

    private readonly ChannelEvents _events;
    private readonly Func<ChannelConnection, ChannelClient, Task> _ready;
    private readonly ILogger _logger;
    private readonly ChannelStream _stream;
    private readonly StreamServerTransport _transport;
    private readonly McpServer _server;
    private int _isReady;

    /// <param name="events">Take what the client says.</param>
    /// <param name="ready">Called once, when the client has ended its handshake.</param>
    public ChannelConnection(
        Socket socket,
        ChannelEvents events,
        Func<ChannelConnection, ChannelClient, Task> ready,
        TimeProvider time,
        ILogger logger)
    {
        _events = events;
        _ready = ready;
        _logger = logger;
        _stream = new ChannelStream(new NetworkStream(socket, ownsSocket: true), time, logger);
        _transport = new StreamServerTransport(_stream, _stream, ChannelProtocol.ServerName);
        _server = McpServer.Create(_transport, Describe());
    }

    /// <summary>Serves the client until it goes. Whatever it sends, this does not fail.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        // The implementation ends after its answers have been written, which a client that does not read would put off.
        using var closing = stopping.UnsafeRegister(static stream => ((Stream?)stream)?.Dispose(), _stream);
        try
        {
            await _server.RunAsync(stopping);
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Replaced, or the server is closing.
        }
        catch (Exception exception)
        {
            // The protocol's implementation gave up on what the client sent; the client may come again.
            LogBroken(_logger, exception);
        }
    }

    /// <exception cref="IOException">The client is gone.</exception>
    public async Task NotifyAsync<T>(string method, T parameters)
    {
        // The implementation says nothing when there is nobody to send to.
        if (!_transport.IsConnected)
        {
            throw new IOException("The channel's client is gone.");
        }

        await _server.SendNotificationAsync(method, parameters, ChannelJsonContext.Default.Options, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _transport.DisposeAsync();
    }

    private McpServerOptions Describe() => new()
    {
        ServerInfo = new Implementation { Name = "functions-broker", Version = s_version },
        ProtocolVersion = ChannelProtocol.Revision,
        ServerInstructions =
            $"""
             Messages from the user come as <channel source="{ChannelProtocol.ServerName}" {ChannelProtocol.TurnId}="...">. Answer each as if the user had typed it: your final text is the answer.
             Or answer with the {ReplyTool.Name} tool, once, and give it the {ChannelProtocol.TurnId} of the message.
             """,
        Capabilities = new ServerCapabilities
        {
            Tools = new ToolsCapability(),
            Experimental = new Dictionary<string, object>
            {
                [ChannelProtocol.Capability] = new JsonObject(),
                [ChannelProtocol.PermissionCapability] = new JsonObject(),
            },
        },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [ReplyTool.Description] }),
            CallToolHandler = (request, _) => CallToolAsync(request.Params),
            NotificationHandlers =
            [
                new(NotificationMethods.InitializedNotification, (_, _) => BeReadyAsync()),
                new(ChannelProtocol.PermissionRequest, (notification, _) => AskAsync(notification.Params)),
            ],
        },
    };

    private async ValueTask<CallToolResult> CallToolAsync(CallToolRequestParams? call) =>
        call?.Name == ReplyTool.Name
            ? await ReplyTool.CallAsync(call.Arguments, (turnId, text) => _events.AskAsync(listener => listener.Replied(turnId, text)))
            : throw new McpProtocolException($"There is no tool '{call?.Name}'.", McpErrorCode.InvalidParams);

    private async ValueTask BeReadyAsync()
    {
        // A second one, or one without a handshake, is not an event.
        if (_server is { ClientInfo: { } client, NegotiatedProtocolVersion: { } version } && Interlocked.Exchange(ref _isReady, 1) == 0)
        {
            await _ready(this, new ChannelClient(client.Name, client.Version, version));
        }
    }

    private async ValueTask AskAsync(JsonNode? parameters)
    {
        if (parameters?.Deserialize(ChannelJsonContext.Default.ChannelPermission) is { RequestId: not null, ToolName: not null } request)
        {
            await _events.TellAsync(listener => listener.PermissionAsked(request));
        }
    }

    [LoggerMessage(EventIds.ChannelBroken, LogLevel.Warning, "A channel's connection is being closed")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
