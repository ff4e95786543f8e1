using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Fast;

/// <summary>Gives a turn to its host at once, ahead of its mailbox, and stays on the line for its end.</summary>
/// <remarks>
/// The mailbox hears of such a turn only when it has to know: when the line breaks, or the turn takes long. Whatever goes wrong here is
/// left to the turn's orchestration, which finds the attempt in the turn's row.
/// </remarks>
internal sealed partial class FastDispatch(
    HostTurnRequests requests,
    SessionHostClient client,
    SessionHeads heads,
    TurnNotifier notifier,
    TurnPublisher publisher,
    IOptions<BrokerOptions> options,
    TimeProvider time,
    ILogger<FastDispatch> logger) : IAsyncDisposable
{
    // From then on the turn has an orchestration too, which asks whether its host is still there.
    private static readonly TimeSpan s_overdue = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, Task> _lines = new();
    private readonly CancellationTokenSource _disposing = new();
    private long _count;
    private int _disposed;

    /// <summary>Sends the turn, and waits a moment for the host to say that it has it.</summary>
    /// <param name="turn">With its first attempt opened, which is to run on the route's host.</param>
    public async Task<FastTurn> SendAsync(FastRoute route, TurnRecord turn, string prompt, DurableTaskClient durable)
    {
        var answer = new TaskCompletionSource<FastAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A deadline is kept by the mailbox.
        var settles = turn.ExpiresAt is null;
        var line = Track(FollowAsync(route.Host, turn, prompt, settles, answer));
        var said = await WithinPatienceAsync(answer.Task);
        var isAhead = settles && said == FastAnswer.Accepted;
        if (settles)
        {
            _ = Track(SettleAsync(turn, isAhead ? route.Dispatch : null, line, durable));
        }

        return new FastTurn(said, line, isAhead);
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

    private T Track<T>(T line)
        where T : Task
    {
        var id = Interlocked.Increment(ref _count);
        _lines[id] = line;
        _ = line.ContinueWith(_ => _lines.TryRemove(id, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return line;
    }

    private async Task<TurnRecord?> FollowAsync(HostRecord host, TurnRecord turn, string prompt, bool settles, TaskCompletionSource<FastAnswer> answer)
    {
        try
        {
            var request = requests.For(turn, prompt, attachments: [], settles);
            using var line = await client.FollowAsync(host, turn.SessionId, request, options.Value.DispatchFollowLimit, _disposing.Token);
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
        }
    }

    /// <summary>Brings a turn to its end: by what is heard of it here, or by its mailbox.</summary>
    /// <param name="ahead">Where it runs, if the mailbox has not heard of it.</param>
    private async Task SettleAsync(TurnRecord turn, TurnDispatch? ahead, Task<TurnRecord?> line, DurableTaskClient durable)
    {
        try
        {
            if (ahead is not null && await IsOverdueAsync(line))
            {
                // Its orchestration asks the host, which then calls back as well.
                await SessionEntity.SubmitAsync(durable, turn, dispatched: null, CancellationToken.None);
                ahead = null;
            }

            if (await line is { } ended)
            {
                await publisher.PublishHeardAsync(ended, _disposing.Token);
            }
            else if (ahead is not null)
            {
                await SessionEntity.SubmitAsync(durable, turn, ahead, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            // It stands in its row, where the sweep finds it.
            LogNotSettled(exception, turn.TurnId.Value, turn.SessionId.Value);
        }
    }

    private async Task<bool> IsOverdueAsync(Task line)
    {
        try
        {
            await line.WaitAsync(s_overdue, time, CancellationToken.None);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
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

    [LoggerMessage(EventIds.NotSettled, LogLevel.Warning, "Turn {TurnId} of session {SessionId} could not be brought to its end by the front that was on the line; the sweep does it")]
    private partial void LogNotSettled(Exception exception, string turnId, string sessionId);

    [LoggerMessage(EventIds.LeftToMailbox, LogLevel.Information, "Turn {TurnId} of session {SessionId} goes the slow way: {HostId} said {Answer}")]
    private partial void LogLeftToMailbox(string turnId, string sessionId, string hostId, HostAnswer answer);
}

/// <summary>A turn that was given to its host ahead of its mailbox.</summary>
/// <param name="Answer">What the host has said so far.</param>
/// <param name="Ended">The turn once it has ended; null when this front did not hear of that from the host. Never fails.</param>
/// <param name="IsAhead">Whether its mailbox need not hear of it: it is brought to its end from here.</param>
internal sealed record FastTurn(FastAnswer Answer, Task<TurnRecord?> Ended, bool IsAhead);

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
