using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Fast;

/// <summary>Gives a turn to its host at once, beside the durable way, and stays on the line for its end.</summary>
/// <remarks>
/// For speed only: whatever goes wrong here is left to the turn's orchestration, which finds the attempt in the turn's row.
/// </remarks>
internal sealed partial class FastDispatch(
    HostTurnRequests requests,
    SessionHostClient client,
    SessionHeads heads,
    TurnNews news,
    FastPace pace,
    TimeProvider time,
    ILogger<FastDispatch> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, Task> _lines = new();
    private readonly CancellationTokenSource _disposing = new();
    private long _count;
    private int _disposed;

    /// <summary>Sends the turn, and waits a moment for the host to say that it has it.</summary>
    /// <param name="turn">With its first attempt opened, which is to run on this host.</param>
    public async Task<FastTurn> SendAsync(HostRecord host, TurnRecord turn, string prompt)
    {
        var accepted = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Interlocked.Increment(ref _count);
        var line = FollowAsync(id, host, turn, prompt, accepted);
        _lines[id] = line;
        if (line.IsCompleted)
        {
            _lines.TryRemove(id, out _);
        }

        return new FastTurn(await WithinPatienceAsync(accepted.Task), line);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposing.CancelAsync();
            await Task.WhenAll(_lines.Values);
            _disposing.Dispose();
        }
    }

    private async Task<TurnRecord?> FollowAsync(
        long id,
        HostRecord host,
        TurnRecord turn,
        string prompt,
        TaskCompletionSource<bool> accepted)
    {
        try
        {
            using var line = await client.FollowAsync(host, turn.SessionId, requests.For(turn, prompt, attachments: []), pace.LongestLine, _disposing.Token);
            accepted.TrySetResult(line.Answer is HostAnswer.Holds);
            if (line.Answer is not HostAnswer.Holds)
            {
                LogLeftToMailbox(turn.TurnId.Value, turn.SessionId.Value, host.HostId, line.Answer);
                return null;
            }

            news.Announce(turn.SessionId, turn.TurnId);
            return await line.ReadEndAsync(_disposing.Token) is { } heard && heard.Status.IsTerminal()
                ? Note(TurnResources.Renew(turn, heard))
                : null;
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The turn is the host's, and its end the orchestration's.
            return null;
        }
        finally
        {
            accepted.TrySetResult(false);
            _lines.TryRemove(id, out _);
        }
    }

    private TurnRecord Note(TurnRecord ended)
    {
        heads.NoteEnded(ended);
        return ended;
    }

    private async Task<bool> WithinPatienceAsync(Task<bool> accepted)
    {
        try
        {
            return await accepted.WaitAsync(pace.Patience, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    [LoggerMessage(EventIds.LeftToMailbox, LogLevel.Information, "Turn {TurnId} of session {SessionId} goes the slow way: {HostId} said {Answer}")]
    private partial void LogLeftToMailbox(string turnId, string sessionId, string hostId, HostAnswer answer);
}
