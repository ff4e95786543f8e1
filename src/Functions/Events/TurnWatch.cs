using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Events;

/// <summary>Keeps an eye on a turn's row for one listener: looks at once where this instance knows of news, and now and then.</summary>
internal sealed partial class TurnWatch : IDisposable
{
    private readonly ITurnStore _turns;
    private readonly ListeningPace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TurnNotifier.Subscription _news;
    private TimeSpan _pause;
    private Task _next;

    public TurnWatch(
        TurnRecord turn,
        ITurnStore turns,
        TurnNotifier notifier,
        ListeningPace pace,
        TimeProvider time,
        ILogger logger)
    {
        Turn = turn;
        _turns = turns;
        _pace = pace;
        _time = time;
        _logger = logger;
        _news = notifier.Subscribe(turn.SessionId, turn.TurnId);
        _next = _news.Next;
        _pause = pace.FirstPause;
    }

    /// <summary>The turn as it was seen last.</summary>
    public TurnRecord Turn { get; private set; }

    /// <summary>Whether the turn's row has been deleted.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether nothing has moved for long enough to say where the turn stands.</summary>
    public bool IsSettled => _pause >= _pace.Settled;

    /// <summary>Something was told: what comes next may come soon.</summary>
    public void Stir() => _pause = _pace.FirstPause;

    /// <summary>Waits for news, or for as long as is good, and looks.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        await WaitAsync(_next, _pause, cancellationToken);
        _pause = _pause * 2 < _pace.LongestPause ? _pause * 2 : _pace.LongestPause;
        await LookAsync(cancellationToken);
    }

    /// <summary>Waits until the task has completed, there is news, or the time is up.</summary>
    public async Task WaitAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(task, _next).WaitAsync(limit, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time to look.
        }
    }

    /// <summary>Reads the row. A storage that does not answer leaves what is known.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // Taken before the row is read, so that no news is missed.
        _next = _news.Next;
        var (row, answered) = await TryAsync(
            async () => (await _turns.FindAsync(Turn.SessionId, Turn.TurnId, cancellationToken), true),
            cancellationToken);
        IsGone = answered && row is null;
        Turn = row?.Value ?? Turn;
    }

    /// <summary>Asks something that may be away for a while.</summary>
    /// <returns>The default when it is.</returns>
    public async Task<T?> TryAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogAway(Turn.TurnId.Value, Turn.SessionId.Value, exception.GetType().Name, exception.Message);
            return default;
        }
    }

    public void Dispose() => _news.Dispose();

    [LoggerMessage(EventIds.ListenerCannotLook, LogLevel.Debug, "A listener to turn {TurnId} of session {SessionId} looks again later: {Fault}: {Reason}")]
    private partial void LogAway(string turnId, string sessionId, string fault, string reason);
}

/// <summary>How often listening looks where it is not told: another instance may have moved the turn on.</summary>
internal sealed record ListeningPace
{
    /// <summary>After the first look at a turn that nothing is heard of; doubled with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From this pause on a turn that is still queued is taken to wait, and its place is asked for.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>While a host is quiet: whether the turn is still there.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a host may take to tell the rest of a turn that has ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so much quiet a host is listened to anew, because a connection may break without a word.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long after a turn's end its host is asked for what happened in it; hosts keep that for two minutes unless set otherwise.</summary>
    public TimeSpan Replayable { get; init; } = TimeSpan.FromMinutes(5);
}
