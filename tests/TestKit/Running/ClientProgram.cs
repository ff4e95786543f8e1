using System.Diagnostics;
using Xunit;

namespace FunctionsBroker.TestKit.Running;

/// <summary>Runs somebody else's client as a process of its own.</summary>
public static class ClientProgram
{
    /// <summary>Runs a script of <c>tests/NodeClients</c>.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> RunNodeAsync(string script, IReadOnlyDictionary<string, string> environment) =>
        RunAsync("node", [RepositoryRoot.Combine("tests", "NodeClients", script)], environment);

    /// <exception cref="Xunit.Sdk.XunitException">It ended with an error.</exception>
    public static async Task<string> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);

        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}{await output}");
        return await output;
    }
}
