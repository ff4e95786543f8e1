using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>The CLI's end of the connection to its MCP server: a program of its own, spoken to in lines.</summary>
internal sealed class FakeMcpClient : IDisposable
{
    private readonly Process _server;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _open = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _lastId;

    public FakeMcpClient(string configuration)
    {
        var server = JsonNode.Parse(File.ReadAllText(configuration))!["mcpServers"]!["broker"]!;
        var start = new ProcessStartInfo((string)server["command"]!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in server["args"]!.AsArray())
        {
            start.ArgumentList.Add((string)argument!);
        }

        _server = Process.Start(start)!;
    }

    /// <summary>Makes the handshake, and looks for the tools.</summary>
    public async Task InitializeAsync()
    {
        await RequestAsync("initialize", new JsonObject
        {
            ["protocolVersion"] = "2025-11-25",
            ["capabilities"] = new JsonObject { ["roots"] = new JsonObject() },
            ["clientInfo"] = new JsonObject { ["name"] = "claude-code", ["version"] = "0.0.0-fake" },
        });
        await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
        await RequestAsync("tools/list", []);
    }

    public Task<JsonNode> ReplyAsync(string turnId, string text) => RequestAsync("tools/call", new JsonObject
    {
        ["name"] = "reply",
        ["arguments"] = new JsonObject { ["text"] = text, ["turn_id"] = turnId },
    });

    /// <summary>Reads until the server is gone.</summary>
    public async Task ReadAsync(Action<JsonNode> pushed)
    {
        while (await _server.StandardOutput.ReadLineAsync() is { } line)
        {
            var message = JsonNode.Parse(line)!;
            if ((string?)message["method"] == "notifications/claude/channel")
            {
                pushed(message["params"]!);
            }
            else if (message["id"] is { } id && _open.TryRemove((int)id, out var answer))
            {
                answer.SetResult(message);
            }
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        _writing.Dispose();
    }

    private async Task<JsonNode> RequestAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _open[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        return await answer.Task;
    }

    private async Task WriteAsync(JsonObject message)
    {
        await _writing.WaitAsync();
        try
        {
            await _server.StandardInput.WriteAsync(message.ToJsonString() + "\n");
            await _server.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
