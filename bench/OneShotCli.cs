using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Bench;

/// <summary>What the broker replaces: <c>claude -p --resume</c>, a process for every message.</summary>
internal sealed class OneShotCli(Uri model) : IContestant
{
    private readonly TempDirectory _home = new();
    private readonly string _session = Guid.NewGuid().ToString();
    private bool _begun;

    public string Name => "claude -p --resume";

    public async Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        using var process = ClaudeCommand.Start(
            _home.Path,
            model,
            "-p",
            "--output-format",
            "json",
            _begun ? "--resume" : "--session-id",
            _session);
        await process.StandardInput.WriteAsync(prompt.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        _begun = true;
        using var result = JsonDocument.Parse(output);
        return new Answer(result.RootElement.GetProperty("result").GetString()!);
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }
}
