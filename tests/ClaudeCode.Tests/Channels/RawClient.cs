using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>Writes to a channel whatever a test wants to, and reads what comes back line by line.</summary>
internal sealed class RawClient(NetworkStream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8);
    private int _lastId;

    public Task WriteAsync(byte[] bytes) => stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    public Task WriteLineAsync(string line) => WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Makes the handshake.</summary>
    public async Task<JsonNode> InitializeAsync()
    {
        var result = await RequestAsync(
            "initialize",
            """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}""");
        await WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return result;
    }

    /// <returns>The whole answer, after whatever else comes before it.</returns>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    public async Task<JsonNode> RequestAsync(string method, string parameters = "{}")
    {
        var id = $"raw-{++_lastId}";
        await WriteLineAsync($$"""{"jsonrpc":"2.0","id":"{{id}}","method":"{{method}}","params":{{parameters}}}""");
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (JsonNode.Parse(line) is { } answer && answer["id"] is JsonValue answered && answered.ToString() == id)
            {
                return answer;
            }
        }

        throw new EndOfStreamException($"The connection ended before the answer to {method}.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        stream.Dispose();
    }
}
