using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>Appends the lines of a conversation, each in one write, as the CLI does.</summary>
internal sealed class FakeTranscript
{
    private readonly string _path;

    public FakeTranscript(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _path = path;
    }

    public void Prompt(string promptId, string prompt) => Prompt(promptId, Guid.NewGuid().ToString(), prompt);

    public void Prompt(string promptId, string messageId, string prompt) => Append(new JsonObject
    {
        ["type"] = "user",
        ["promptId"] = promptId,
        ["uuid"] = messageId,
        ["message"] = new JsonObject { ["role"] = "user", ["content"] = prompt },
    });

    public void Answer(string text) => Append(new JsonObject
    {
        ["type"] = "assistant",
        ["uuid"] = Guid.NewGuid(),
        ["message"] = new JsonObject
        {
            ["id"] = $"msg_{Guid.NewGuid():N}",
            ["role"] = "assistant",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
            ["stop_reason"] = "end_turn",
            ["usage"] = new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 4 },
        },
    });

    public void End() => Append(new JsonObject { ["type"] = "system", ["subtype"] = "turn_duration" });

    private void Append(JsonObject line) => File.AppendAllText(_path, line.ToJsonString() + "\n");
}
