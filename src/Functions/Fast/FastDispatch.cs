using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Fast;

/// <summary>Gives a turn to its host at once, beside the durable way, and stays on the line for its end.</summary>
/// <remarks>
/// For speed only: whatever goes wrong here is left to the turn's orchestration, which finds the attempt in the turn's row.
/// </remarks>
internal sealed partial class FastDispatch(
    HostTurnRequests requests,
    SessionHostClient client,
    SessionHeads heads,
    TurnNotifier notifier,
    IOptions<BrokerOptions> options,
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
        var answer = new TaskCompletionSource<FastAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Interlocked.Increment(ref _count);
        var line = FollowAsync(id, host, turn, prompt, answer);
        _lines[id] = line;
        if (line.IsCompleted)
        {
            _lines.TryRemove(id, out _);
        }

        return new FastTurn(await WithinPatienceAsync(answer.Task), line);
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
        TaskCompletionSource<FastAnswer> answer)
    {
        try
        {
            using var line = await client.FollowAsync(host, turn.SessionId, requests.For(turn, prompt, attachments: []), options.Value.DispatchFollowLimit, _disposing.Token);
            answer.TrySetResult(Judge(line.Answer));
            if (line.Answer is not HostAnswer.Holds)
            {
                LogLeftToMailbox(turn.TurnId.Value, turn.SessionId.Value, host.HostId, line.Answer);
                return null;
            }

            notifier.Announce(turn.SessionId, turn.TurnId);
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
            answer.TrySetResult(FastAnswer.Unknown);
            _lines.TryRemove(id, out _);
        }
    }

    private static FastAnswer Judge(HostAnswer answer) =>
        answer switch
        {
            HostAnswer.Holds => FastAnswer.Accepted,
            HostAnswer.Refuses or HostAnswer.Silent { Unreached: true } => FastAnswer.Refused,
            _ => FastAnswer.Unknown,
        };

    private TurnRecord Note(TurnRecord ended)
    {
        heads.NoteEnded(ended);
        return ended;
    }

    private async Task<FastAnswer> WithinPatienceAsync(Task<FastAnswer> answer)
    {
        try
        {
            return await answer.WaitAsync(options.Value.DispatchPatience, time);
        }
        catch (TimeoutException)
        {
            return FastAnswer.Unknown;
        }
    }

    [LoggerMessage(EventIds.LeftToMailbox, LogLevel.Information, "Turn {TurnId} of session {SessionId} goes the slow way: {HostId} said {Answer}")]
    private partial void LogLeftToMailbox(string turnId, string sessionId, string hostId, HostAnswer answer);
}

/// <summary>A turn that was given to its host ahead of its mailbox.</summary>
/// <param name="Answer">What the host has said so far.</param>
/// <param name="Ended">The turn once it has ended; null when this front did not hear of that from the host. Never fails.</param>
internal sealed record FastTurn(FastAnswer Answer, Task<TurnRecord?> Ended);

/// <summary>What a host made of a turn that was given to it ahead of its mailbox.</summary>
internal enum FastAnswer
{
    /// <summary>It has not said, or not in time: it may run the turn.</summary>
    Unknown,

    /// <summary>It has the turn.</summary>
    Accepted,

    /// <summary>It does not have it: it said no, or could not be reached.</summary>
    Refused,
}

/// <summary>Where a turn of an idle session may go at once.</summary>
/// <param name="OtherHosts">The hosts that could take it as well.</param>
internal sealed record FastRoute(HostRecord Host, long Epoch, IReadOnlyList<string> OtherHosts)
{
    public TurnDispatch Dispatch =>
        new(new Placement(Host.HostId, Epoch) { HostStartedAt = Host.StartedAt }, OtherHosts);

    /// <summary>To the host that answered last, if it has not begun anew since: then it knows nothing of the session, and there is no hurry.</summary>
    /// <param name="up">The hosts that take turns.</param>
    /// <param name="answered">How the session's newest turn was answered.</param>
    /// <param name="profile">The profile that the turn asks for; null for the session's.</param>
    public static FastRoute? Find(IReadOnlyList<HostRecord> up, TurnAttempt answered, string? profile)
    {
        var host = up.FirstOrDefault(host => host.HostId == answered.HostId && host.StartedAt <= answered.StartedAt);
        return host is null
            ? null
            : new FastRoute(
                host,
                answered.Epoch,
                [.. up.Where(other => other != host && (profile is null || other.Profiles.Contains(profile))).Select(other => other.HostId)]);
    }
}
