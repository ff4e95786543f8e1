using System.ComponentModel;
using System.Diagnostics;

namespace FunctionsBroker.Cli.Doctor;

/// <summary>Asks a tool what it says of itself.</summary>
internal static class ToolProbe
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    /// <summary>The first line that the tool answers; null when it is not there, fails or does not answer.</summary>
    public static async Task<string?> VersionAsync(string fileName, CancellationToken cancellationToken, params string[] arguments) =>
        (await LinesAsync(fileName, folder: null, cancellationToken, arguments))?.FirstOrDefault("");

    /// <summary>The lines that the tool answers; null when it is not there, fails or does not answer.</summary>
    /// <param name="folder">Where it is started; null for the current one.</param>
    public static async Task<IReadOnlyList<string>?> LinesAsync(string fileName, string? folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo(fileName)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start) ?? throw new UnreachableException();
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellationToken)).WaitAsync(s_longest, TimeProvider.System, cancellationToken);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
            }

            return process.ExitCode == 0 ? (await output).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (Win32Exception)
        {
            // No such program.
            return null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
