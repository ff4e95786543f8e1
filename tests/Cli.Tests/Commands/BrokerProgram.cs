using System.Diagnostics;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Commands;

/// <summary>Runs a program to its end.</summary>
internal static class BrokerProgram
{
    /// <summary>Runs the <c>broker</c> program.</summary>
    public static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        ExecuteAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "broker.dll"), .. arguments], []);

    public static async Task<(int Code, string Output, string Errors)> ExecuteAsync(
        string fileName,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(fileName) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["BROKER_ROOT"] = RepositoryRoot.Path;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
