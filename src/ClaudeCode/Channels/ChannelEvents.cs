using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Tells a listener one thing after the other: the protocol's implementation handles messages side by side.</summary>
internal sealed partial class ChannelEvents : IAsyncDisposable
{
    private readonly Channel<Action> _calls = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IChannelListener _listener;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public ChannelEvents(IChannelListener listener, ILogger logger)
    {
        _listener = listener;
        _logger = logger;
        _loop = RunAsync();
    }

    /// <returns>Ends when the listener has been told; its failure is logged.</returns>
    public async Task TellAsync(Action<IChannelListener> tell)
    {
        try
        {
            await AskAsync(listener =>
            {
                tell(listener);
                return true;
            });
        }
        catch (Exception exception)
        {
            // The listener's fault must not end the connection.
            LogListenerFailed(_logger, exception);
        }
    }

    /// <returns>What the listener says; its failure is the task's.</returns>
    public Task<T> AskAsync<T>(Func<IChannelListener, T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _calls.Writer.TryWrite(() =>
        {
            try
            {
                answer.SetResult(ask(_listener));
            }
            catch (Exception exception)
            {
                answer.SetException(exception);
            }
        });
        return isTaken ? answer.Task : Task.FromException<T>(new ObjectDisposedException(nameof(ChannelServer)));
    }

    /// <summary>Ends when all that came before has been told.</summary>
    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync())
        {
            call();
        }
    }

    [LoggerMessage(EventIds.ChannelListenerFailed, LogLevel.Error, "A channel's listener failed")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);
}
