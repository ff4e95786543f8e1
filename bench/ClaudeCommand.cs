using System.Diagnostics;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Bench;

/// <summary>Starts the pinned CLI with the flags that the broker uses, so that the contestants differ in nothing else.</summary>
internal static class ClaudeCommand
{
    private static readonly string[] s_isolation = ["--strict-mcp-config", "--setting-sources", ""];

    public static Process Start(string home, Uri model, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.Combine("node_modules", ".bin", "claude"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        foreach (var argument in arguments.Concat(s_isolation))
        {
            start.ArgumentList.Add(argument);
        }

        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = home;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["CLAUDE_CONFIG_DIR"] = Path.Combine(home, "config");
        start.Environment["ANTHROPIC_BASE_URL"] = model.AbsoluteUri.TrimEnd('/');
        start.Environment["ANTHROPIC_API_KEY"] = "bench-key-that-is-no-key";
        start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        start.Environment["DISABLE_AUTOUPDATER"] = "1";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
