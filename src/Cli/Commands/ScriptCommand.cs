using System.CommandLine;
using System.Diagnostics;

namespace FunctionsBroker.Cli.Commands;

/// <summary>Commands that are shell scripts, because they work before anything is built: listed here, done in <c>eng/</c>.</summary>
internal static class ScriptCommand
{
    public static Command Create(string name, string description)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var start = new ProcessStartInfo(Path.Combine(Repository.Find().Root, "eng", $"{name}.sh"));
            foreach (var argument in parsed.UnmatchedTokens)
            {
                start.ArgumentList.Add(argument);
            }

            using var script = Process.Start(start) ?? throw new UnreachableException();
            await script.WaitForExitAsync(cancellationToken);
            return script.ExitCode;
        });
        return command;
    }
}
