using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>A line to a server of this machine that can be cut, and be there again.</summary>
internal sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly int _server;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public CutLine(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing goes through; what was on its way is gone.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys)
        {
            client.Dispose();
        }
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = PassAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        {
            if (_isCut)
            {
                return;
            }

            using var server = new TcpClient();
            _open[client] = 0;
            _open[server] = 0;
            if (_isCut)
            {
                // Cut while the two were not among those that it ends.
                _open.TryRemove(client, out _);
                _open.TryRemove(server, out _);
                return;
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                var (near, far) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One of the two has gone, or the line was cut.
            }
            finally
            {
                _open.TryRemove(client, out _);
                _open.TryRemove(server, out _);
            }
        }
    }
}
