using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Bench;

/// <summary>The floor: one persistent CLI process, a line in, its <c>result</c> line out, and nothing in between.</summary>
internal sealed class RawCli : IContestant
{
    private readonly TempDirectory _home = new();
    private readonly Process _process;

    public RawCli(Uri model) => _process = ClaudeCommand.Start(
        _home.Path,
        model,
        "-p",
        "--input-format",
        "stream-json",
        "--output-format",
        "stream-json",
        "--verbose",
        "--include-partial-messages");

    public string Name => "raw persistent CLI";

    public async Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        double? firstDelta = null;
        var line = JsonSerializer.Serialize(new { type = "user", message = new { role = "user", content = prompt } });
        await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } answer)
        {
            using var message = JsonDocument.Parse(answer);
            if (firstDelta is null && IsDelta(message.RootElement))
            {
                firstDelta = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            if (message.RootElement.GetProperty("type").ValueEquals("result"))
            {
                return new Answer(message.RootElement.GetProperty("result").GetString()!, firstDelta);
            }
        }

        throw new InvalidOperationException("The CLI ended without a result.");
    }

    private static bool IsDelta(JsonElement message) =>
        message.TryGetProperty("event", out var told) && told.GetProperty("type").ValueEquals("content_block_delta");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _home.Dispose();
    }
}
