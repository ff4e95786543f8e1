using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Gets one prompt into the CLI: over the channel, or by the keyboard of its terminal.</summary>
internal sealed partial class ChannelDelivery(
    InteractiveProcess process,
    ChannelServer server,
    ActiveChannel active,
    TurnPrompt prompt,
    bool typed,
    ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task _delivering = Task.CompletedTask;

    /// <summary>Begins to deliver; whether it arrives is seen elsewhere.</summary>
    public void Begin() => _delivering = DeliverAsync(_delivering);

    /// <summary>Has the CLI break off what it does.</summary>
    public async Task InterruptAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await process.Keyboard.EscapeAsync(CancellationToken.None);
        }
        catch (IOException exception)
        {
            LogNotDelivered(logger, exception, process.Identity.Pid);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _delivering;
        _ending.Dispose();
    }

    private async Task DeliverAsync(Task earlier)
    {
        await earlier;
        try
        {
            await (typed ? process.Keyboard.TypeAsync(prompt.Text, active.Arrived, _ending.Token) : PushAsync());
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The turn has ended, or has arrived without the CLI's word.
        }
        catch (IOException exception)
        {
            // Nothing has arrived, which is found out by waiting for it.
            LogNotDelivered(logger, exception, process.Identity.Pid);
        }
    }

    private Task PushAsync() => server.PushAsync(
        new ChannelMessage(prompt.Text, new Dictionary<string, string>(StringComparer.Ordinal) { [ChannelProtocol.TurnId] = prompt.TurnId.Value }),
        _ending.Token);

    [LoggerMessage(EventIds.ChannelNotPushed, LogLevel.Warning, "Process {Pid}: a prompt could not be delivered")]
    private static partial void LogNotDelivered(ILogger logger, Exception exception, int pid);
}
