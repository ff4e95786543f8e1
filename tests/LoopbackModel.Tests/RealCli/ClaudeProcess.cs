using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.LoopbackModel.Tests.RealCli;

/// <summary>The real CLI in stream-json mode, with a configuration folder and a working folder of its own.</summary>
internal sealed class ClaudeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _standardError;

    private ClaudeProcess(Process process)
    {
        _process = process;
        _standardError = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public int Id => _process.Id;

    public static ClaudeProcess Start(LoopbackModelServer model, TempDirectory home, params string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.Combine("node_modules", ".bin", "claude"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Directory.CreateDirectory(home.Combine("work")).FullName,
        };
        string[] fixedArguments = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--strict-mcp-config", "--setting-sources", ""];
        foreach (var argument in fixedArguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in Environment(model, home))
        {
            start.Environment[name] = value;
        }

        return new ClaudeProcess(Process.Start(start)!);
    }

    /// <summary>Sends a prompt and reads to the end of its turn.</summary>
    public async Task<JsonElement> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.Serialize(new { type = "user", message = new { role = "user", content = prompt } });
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } output)
        {
            var element = JsonDocument.Parse(output).RootElement;
            if (element.GetProperty("type").GetString() == "result")
            {
                return element;
            }
        }

        throw new InvalidOperationException($"claude ended before its result: {await _standardError}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static IEnumerable<(string Name, string Value)> Environment(LoopbackModelServer model, TempDirectory home) =>
    [
        ("PATH", System.Environment.GetEnvironmentVariable("PATH")!),
        ("HOME", home.Path),
        ("LANG", "C.UTF-8"),
        ("ANTHROPIC_BASE_URL", model.BaseUrl.ToString()),
        ("ANTHROPIC_API_KEY", "anything"),
        ("CLAUDE_CONFIG_DIR", Directory.CreateDirectory(home.Combine("config")).FullName),
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ("CLAUDE_CODE_MAX_RETRIES", "3"),
        ("DISABLE_AUTOUPDATER", "1"),
    ];
}
