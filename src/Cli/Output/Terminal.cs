namespace FunctionsBroker.Cli.Output;

/// <summary>What the terminal can do, and waiting at it.</summary>
internal static class Terminal
{
    /// <summary>Standard output is a terminal and its user has not asked for no colours (no-color.org).</summary>
    public static bool HasColours =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Completes when the token is cancelled.</summary>
    public static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
