namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Stops the host when whoever started it is gone: its end of our stdin closes then, however it ended.</summary>
internal sealed partial class ParentWatch(IHostApplicationLifetime lifetime, ILogger<ParentWatch> logger) : IHostedService
{
    /// <summary>Set to <see cref="On"/> by a parent that keeps our stdin open.</summary>
    public const string Variable = "BROKER_PARENT_WATCH";

    public const string On = "1";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: a read of the console cannot be cancelled, and must not keep the host from ending.
        new Thread(Watch) { IsBackground = true, Name = nameof(ParentWatch) }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Watch()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }

        LogParentGone(logger);
        lifetime.StopApplication();
    }

    [LoggerMessage(EventIds.ParentGone, LogLevel.Information, "The parent process is gone; the host stops")]
    private static partial void LogParentGone(ILogger logger);
}
