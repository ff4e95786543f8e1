using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>Writes how a turn ended into its row: the reply is safe before anybody is told of it.</summary>
internal sealed partial class TurnRecorder(ITurnStore store, string hostId, TimeProvider time, ILogger<TurnRecorder> logger)
{
    private static readonly RetryDelays s_delays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    private static readonly RetryDelays s_toolDelays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>Reads the row while the turn still runs, so that only the write is left for its end.</summary>
    /// <returns>Null when there is no row, or when it could not be read, which the end of the turn then tries again.</returns>
    public async Task<Versioned<TurnRecord>?> PrefetchAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(session, turn, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogPrefetchFailed(logger, exception);
            return null;
        }
    }

    /// <summary>Notes in the turn's row that a tool was called, for a host that may have to decide whether the turn can run again.</summary>
    /// <remarks>Where the storage is away it is tried for half a minute; a host that cannot write its heartbeat has stopped its turns by then.</remarks>
    /// <param name="prefetched">The row as it was read ahead; null when it was not yet.</param>
    /// <param name="stopping">The turn is to stop.</param>
    /// <returns>The row as it was written, or as far as it is known.</returns>
    public async Task<Versioned<TurnRecord>?> NoteToolsAsync(
        SessionId session,
        HostTurnRequest request,
        Task<Versioned<TurnRecord>?>? prefetched,
        CancellationToken stopping)
    {
        var row = prefetched is null ? null : await prefetched;
        if (row is { Value.ToolsUsed: true })
        {
            return row;
        }

        Versioned<TurnRecord>? noted = null;
        try
        {
            await s_toolDelays.TryAsync(
                async () =>
                {
                    (var known, row) = (row, null);
                    noted = (await ChangeAsync(session, request, known, turn => turn with { ToolsUsed = true }, CancellationToken.None)).Row;
                },
                (exception, delay) => LogToolsNotNoted(logger, exception, delay),
                time,
                stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Its end is written down instead.
        }

        return noted;
    }

    /// <summary>Records the outcome; goes on trying for minutes when the storage is away.</summary>
    /// <param name="row">The row as it was prefetched.</param>
    public async Task<Recording> RecordAsync(
        SessionId session,
        HostTurnRequest request,
        FinishedTurn finished,
        Versioned<TurnRecord>? row,
        CancellationToken cancellationToken)
    {
        Recording? recorded = null;
        try
        {
            await s_delays.TryAsync(
                async () =>
                {
                    (var known, row) = (row, null);
                    recorded = await WriteAsync(session, request, finished, known, cancellationToken);
                },
                (exception, delay) => LogWriteFailed(logger, exception, delay),
                time,
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host ends.
        }

        if (recorded is null)
        {
            LogGivenUp(logger);
        }

        return recorded ?? new Recording(RecordResult.GivenUp);
    }

    private async Task<Recording> WriteAsync(
        SessionId session,
        HostTurnRequest request,
        FinishedTurn finished,
        Versioned<TurnRecord>? prefetched,
        CancellationToken cancellationToken)
    {
        var (row, written) = await ChangeAsync(session, request, prefetched, turn => TurnCompletion.Apply(turn, request, hostId, finished), cancellationToken);
        if (written)
        {
            return new Recording(RecordResult.Recorded, row?.Value);
        }

        LogFenced(logger, request.Epoch, row?.Value.Epoch, row?.Value.Status);
        return new Recording(RecordResult.Fenced);
    }

    /// <summary>Changes the turn's row as long as it is open under the request's epoch.</summary>
    /// <returns>The row as it is now, and whether the change is in it.</returns>
    private async Task<(Versioned<TurnRecord>? Row, bool Written)> ChangeAsync(
        SessionId session,
        HostTurnRequest request,
        Versioned<TurnRecord>? prefetched,
        Func<TurnRecord, TurnRecord> change,
        CancellationToken cancellationToken)
    {
        var row = prefetched is { Value: var known } && IsOpen(known, request) ? prefetched : null;
        while (true)
        {
            row ??= await store.FindAsync(session, TurnId.Parse(request.TurnId), cancellationToken);
            if (row is null || !IsOpen(row.Value, request))
            {
                return (row, false);
            }

            try
            {
                return (await store.UpdateAsync(row, change(row.Value), cancellationToken), true);
            }
            catch (ConcurrencyConflictException)
            {
                row = null;
            }
        }
    }

    private static bool IsOpen(TurnRecord turn, HostTurnRequest request) =>
        turn.Epoch == request.Epoch && !turn.Status.IsTerminal();

    [LoggerMessage(EventIds.PrefetchFailed, LogLevel.Debug, "The turn's row could not be read ahead")]
    private static partial void LogPrefetchFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.ToolsNotNoted, LogLevel.Warning, "That a tool was called could not be written to the turn's row; the next try is made after {Delay}")]
    private static partial void LogToolsNotNoted(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(EventIds.WriteFailed, LogLevel.Warning, "The turn's outcome could not be written; trying again in {Delay}")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(EventIds.Fenced, LogLevel.Information, "The outcome under epoch {Epoch} is dropped: the turn is at epoch {HeldEpoch} and {Status}")]
    private static partial void LogFenced(ILogger logger, long epoch, long? heldEpoch, TurnStatus? status);

    [LoggerMessage(EventIds.TurnRecorderGivenUp, LogLevel.Warning, "The turn's outcome could not be written; it is for the turn's next attempt to find")]
    private static partial void LogGivenUp(ILogger logger);
}

/// <summary>What came of writing down how a turn ended.</summary>
/// <param name="Turn">The row as it was written; null unless it was.</param>
internal readonly record struct Recording(RecordResult Result, TurnRecord? Turn = null);

/// <summary>What became of a turn's outcome.</summary>
internal enum RecordResult
{
    /// <summary>It is in the turn's row.</summary>
    Recorded,

    /// <summary>It does not count: the turn has moved on to another epoch, or has ended otherwise.</summary>
    Fenced,

    /// <summary>The storage was away for too long, or the host ends.</summary>
    GivenUp,
}
