using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Crash.Tests;

/// <summary>Runs lives of the process that is killed.</summary>
internal static class CrashingApp
{
    private const int ExitCodeOfSigkill = 128 + 9;

    /// <summary>Runs one life to its end, which is always a SIGKILL.</summary>
    /// <returns>How everything in the hub ended; null if the process was killed before that.</returns>
    public static async Task<IReadOnlyList<string>?> LiveAsync(
        string connectionString, string hub, KillPlan plan, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string program = Path.Combine(AppContext.BaseDirectory, "FunctionsBroker.CrashApp.dll");
        foreach (var argument in (string[])[program, connectionString, hub, .. plan.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            if (plan.After is { } after)
            {
                await Task.Delay(after, TimeProvider.System, cancellationToken);
                process.Kill();
            }

            try
            {
                await process.WaitForExitAsync(cancellationToken).WaitAsync(TestTimeouts.Default, cancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Something in the hub {hub} is stuck: a life to be killed {plan} did not end within {TestTimeouts.Default}.");
            }

            Assert.True(process.ExitCode == ExitCodeOfSigkill, $"It ended with code {process.ExitCode}, to be killed {plan}: {await errors}");
            return await output is { Length: > 0 } snapshot ? JsonSerializer.Deserialize<List<string>>(snapshot) : null;
        }
        finally
        {
            process.Kill();
        }
    }
}
