using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;

namespace FunctionsBroker.Bench;

/// <summary>From a push to its arrival at the other end of the relay, where the CLI takes it.</summary>
internal static class PushBenchmark
{
    private const int WarmUp = 50;

    public static async Task RunAsync(int pushes, CancellationToken cancellationToken)
    {
        using var folder = new TempDirectory();
        var socket = new ChannelSocket(folder.Path);
        await using var server = ChannelServer.Listen(socket, new SilentListener(), TimeProvider.System, NullLogger.Instance);
        using var arrived = new SemaphoreSlim(0);
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions { Command = ChannelSocket.RelayCommand, Arguments = [.. socket.RelayArguments] }),
            new McpClientOptions
            {
                ProtocolVersion = ChannelProtocol.Revision,
                Handlers = new McpClientHandlers { NotificationHandlers = [new(ChannelProtocol.Push, (_, _) => Arrive(arrived))] },
            },
            cancellationToken: cancellationToken);
        await server.WhenReadyAsync(cancellationToken);

        var took = new Measurement("push through the server, its socket and the relay");
        var message = new ChannelMessage("turn 1", new Dictionary<string, string> { [ChannelProtocol.TurnId] = "t-1" });
        for (var push = -WarmUp; push < pushes; push++)
        {
            var started = Stopwatch.GetTimestamp();
            await server.PushAsync(message, cancellationToken);
            await arrived.WaitAsync(cancellationToken);
            if (push >= 0)
            {
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        Table.Write([took]);
    }

    private static ValueTask Arrive(SemaphoreSlim arrived)
    {
        arrived.Release();
        return default;
    }
}
