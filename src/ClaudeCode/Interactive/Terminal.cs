using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Has a program run in a terminal.</summary>
internal static class Terminal
{
    /// <summary>From util-linux; Debian has it in the package bsdutils, which is always there.</summary>
    public const string Program = "script";

    /// <summary>Wraps a program so that it has a terminal, of the size of <see cref="TerminalScreen"/>, behind its stdin and stdout.</summary>
    /// <remarks>
    /// <c>script</c> takes the program as a line for the shell, so every argument is quoted. It writes no record, since
    /// that goes to /dev/null, and it ends with the program's own exit code.
    /// </remarks>
    public static CliLaunch Wrap(CliLaunch launch)
    {
        var program = string.Join(' ', ((string[])[launch.FileName, .. launch.Arguments]).Select(Quote));
        return launch with
        {
            FileName = Program,
            Arguments = ["-qfec", $"stty rows {TerminalScreen.Rows} cols {TerminalScreen.Columns}; exec {program}", "/dev/null"],
            Environment = new Dictionary<string, string>(launch.Environment, StringComparer.Ordinal) { ["TERM"] = "xterm-256color" },
            Output = OutputCut.Chunks,
        };
    }

    internal static string Quote(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
