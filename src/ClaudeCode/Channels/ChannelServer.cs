using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The MCP server of one session: pushes messages into its conversation and takes what the model replies.</summary>
/// <remarks>
/// One client is served at a time; one that connects takes the place of the former. What a client sends can end its
/// connection, not the server: the next may connect. Safe for concurrent use. A push is not acknowledged by the CLI,
/// which drops it without a word where channels are not available.
/// </remarks>
internal sealed partial class ChannelServer : IAsyncDisposable
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ChannelEvents _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ListeningSocket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private volatile ChannelConnection? _served;
    private volatile Session? _session;
    private volatile TaskCompletionSource<ChannelClient> _ready = NewReady();
    private int _disposed;

    private ChannelServer(ListeningSocket socket, IChannelListener listener, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _time = time;
        _logger = logger;
        _events = new ChannelEvents(listener, logger);
        _accepting = AcceptAsync(_stopping.Token);
    }

    /// <summary>The client that is ready; null when there is none.</summary>
    public ChannelClient? Client => _session?.Client;

    /// <exception cref="IOException">The socket cannot be made.</exception>
    public static ChannelServer Listen(ChannelSocket socket, IChannelListener listener, TimeProvider time, ILogger logger) =>
        new(new ListeningSocket(socket), listener, time, logger);

    /// <returns>The client that is ready, as soon as there is one.</returns>
    /// <exception cref="ObjectDisposedException">The server was closed.</exception>
    public Task<ChannelClient> WhenReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Sends a message; that it was sent does not say that it arrived.</summary>
    /// <exception cref="IOException">No client is ready, or it went meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message may be sent nevertheless.</exception>
    public Task PushAsync(ChannelMessage message, CancellationToken cancellationToken) =>
        NotifyAsync(ChannelProtocol.Push, message, cancellationToken);

    /// <summary>Answers a question for permission. One that is not open any more is ignored by the CLI.</summary>
    /// <inheritdoc cref="PushAsync" path="/exception"/>
    public Task DecideAsync(string requestId, bool allow, CancellationToken cancellationToken) =>
        NotifyAsync(ChannelProtocol.PermissionAnswer, new PermissionAnswer(requestId, allow ? "allow" : "deny"), cancellationToken);

    /// <summary>Ends the connection, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await _events.DisposeAsync();
        _ready.TrySetException(new ObjectDisposedException(nameof(ChannelServer)));
        _ = _ready.Task.Exception; // nobody need be waiting
        _stopping.Dispose();
    }

    private static TaskCompletionSource<ChannelClient> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task NotifyAsync<T>(string method, T parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var session = _session ?? throw new IOException("No client is connected to the channel.");
        await session.Connection.NotifyAsync(method, parameters).WaitAsync(cancellationToken);
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        var (serving, replaced) = (Task.CompletedTask, new CancellationTokenSource());
        while (await TakeAsync(stopping) is { } client)
        {
            if (!serving.IsCompleted)
            {
                LogReplaced(_logger);
            }

            await replaced.CancelAsync();
            await serving;
            replaced.Dispose();
            replaced = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            serving = ServeAsync(client, replaced.Token);
        }

        await serving;
        replaced.Dispose();
    }

    /// <returns>The next client; null when the server is being closed.</returns>
    private async Task<Socket?> TakeAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                return await _socket.AcceptAsync(stopping);
            }
            catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return null;
            }
            catch (SocketException exception)
            {
                // This process has too many files open, or the client was gone at once.
                LogNotAccepting(_logger, exception);
                await Task.Delay(s_pauseAfterFailure, _time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        return null;
    }

    private async Task ServeAsync(Socket client, CancellationToken stopping)
    {
        await using (var connection = new ChannelConnection(client, _events, BeginAsync, _time, _logger))
        {
            _served = connection;
            await connection.RunAsync(stopping);
        }

        await EndAsync();
    }

    private Task BeginAsync(ChannelConnection connection, ChannelClient client) => _events.TellAsync(listener =>
    {
        if (_served != connection)
        {
            return; // it ended meanwhile
        }

        LogConnected(_logger, client.Name, client.Version, client.ProtocolVersion);
        _session = new Session(connection, client);
        listener.Connected(client);
        _ready.TrySetResult(client);
    });

    private Task EndAsync() => _events.TellAsync(listener =>
    {
        _served = null;
        if (_session is null)
        {
            return; // it was never ready
        }

        LogDisconnected(_logger);
        _session = null;
        _ready = NewReady();
        listener.Disconnected();
    });

    private sealed record Session(ChannelConnection Connection, ChannelClient Client);

    [LoggerMessage(EventIds.ChannelConnected, LogLevel.Debug, "A channel is ready: {Name} {Version}, protocol {Revision}")]
    private static partial void LogConnected(ILogger logger, string name, string version, string revision);

    [LoggerMessage(EventIds.ChannelDisconnected, LogLevel.Debug, "A channel's client is gone")]
    private static partial void LogDisconnected(ILogger logger);

    [LoggerMessage(EventIds.ChannelReplaced, LogLevel.Information, "Another client takes the place of a channel's own")]
    private static partial void LogReplaced(ILogger logger);

    [LoggerMessage(EventIds.ChannelNotAccepting, LogLevel.Warning, "A channel could not take a client")]
    private static partial void LogNotAccepting(ILogger logger, Exception exception);
}
