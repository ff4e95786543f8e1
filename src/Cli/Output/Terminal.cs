using Spectre.Console;

namespace FunctionsBroker.Cli.Output;

/// <summary>What the terminal can do, and waiting at it.</summary>
internal static class Terminal
{
    private const int Unbroken = 10_000;

    /// <summary>Standard output is a terminal and its user has not asked for no colours (no-color.org).</summary>
    public static bool HasColours =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Standard output for marked-up text: colours as above, and lines of any length left whole.</summary>
    public static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = HasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Unbroken;
        return console;
    }

    /// <summary>Completes when the token is cancelled.</summary>
    public static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
