using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>An MCP server without tools behind a Unix socket: as much as the CLI needs to connect.</summary>
internal sealed class StubChannel : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly string _revision;
    private readonly Task _serving;

    public StubChannel(string path, string revision = "2025-11-25")
    {
        _revision = revision;
        Address = new ChannelAddress("socat", ["-", $"UNIX-CONNECT:{path}"]);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public ChannelAddress Address { get; }

    /// <summary>Ends when a CLI has connected for which nobody has waited yet: each start waits for its own.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _ready.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
        _ready.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptAsync(_stopping.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(_stopping.Token) is { } line)
            {
                if (Answer(JsonNode.Parse(line)!) is { } answer)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString() + '\n'), _stopping.Token);
                }
            }
        }
        catch (IOException)
        {
            // The CLI was killed; the next one may come.
        }
    }

    private JsonObject? Answer(JsonNode message)
    {
        if (message["method"]?.GetValue<string>() == "notifications/initialized")
        {
            _ready.Release();
        }

        return message["id"] is { } id
            ? new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = Result(message["method"]!.GetValue<string>()) }
            : null;
    }

    private JsonObject Result(string method) => method switch
    {
        "initialize" => new JsonObject
        {
            ["protocolVersion"] = _revision,
            ["serverInfo"] = new JsonObject { ["name"] = "broker", ["version"] = "1" },
            ["capabilities"] = new JsonObject { ["experimental"] = new JsonObject { ["claude/channel"] = new JsonObject() } },
        },
        _ => [],
    };
}
