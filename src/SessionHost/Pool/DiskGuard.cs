using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Stops turns whose sessions take more room on the disk than their profile allows.</summary>
/// <remarks>A later turn of such a session may go on as long as that does not become more: it may be the one that makes room.</remarks>
internal sealed partial class DiskGuard(SessionHostOptions options, SessionPool pool, TimeProvider time, ILogger<DiskGuard> logger)
    : PeriodicCheck(options.MemoryCheckInterval, time)
{
    private const long Mebibyte = 1024 * 1024;

    // The transcript grows with every turn.
    private const long Slack = Mebibyte;

    // A folder with many files takes time to look through: it is looked at for a twentieth of the time at most.
    private const int ShareOfTime = 20;

    private readonly Dictionary<SessionId, Look> _looks = [];

    protected override void Check()
    {
        foreach (var disk in pool.DescribeDisks())
        {
            var known = _looks.GetValueOrDefault(disk.Session);
            if (known is not null && known.Turn == disk.Turn && Time.GetElapsedTime(known.At) < known.Took * ShareOfTime)
            {
                continue;
            }

            var began = Time.GetTimestamp();
            var size = Measure(disk);
            var look = new Look(disk.Turn, size, Time.GetTimestamp(), Time.GetElapsedTime(began));
            var limit = disk.MaxMb * Mebibyte;
            var wasOver = known?.Size > limit;

            // What a turn began with, or has brought it down to.
            _looks[disk.Session] = wasOver && known!.Turn == disk.Turn && known.Size < size ? look with { Size = known.Size } : look;
            if (size > limit && (!wasOver || (known!.Turn == disk.Turn && size > known.Size + Slack)))
            {
                LogTooLarge(logger, disk.Session, disk.Turn, size);
                pool.Stop(disk.Session, disk.Turn, ProblemCatalogue.DiskQuotaSpent(disk.MaxMb));
            }
        }

        foreach (var gone in _looks.Keys.Where(session => !pool.Has(session)).ToList())
        {
            _looks.Remove(gone);
        }
    }

    private long Measure(SessionDisk disk)
    {
        try
        {
            return DiskSpace.SizeOf(disk.Folder);
        }
        catch (IOException exception)
        {
            LogNotMeasured(logger, exception, disk.Session);
            return 0;
        }
    }

    [LoggerMessage(EventIds.DiskQuotaSpent, LogLevel.Warning, "Session {SessionId}: turn {TurnId} is stopped, because the session's files have {Bytes} bytes, more than its profile allows")]
    private static partial void LogTooLarge(ILogger logger, SessionId sessionId, TurnId turnId, long bytes);

    [LoggerMessage(EventIds.DiskNotMeasured, LogLevel.Warning, "Session {SessionId}: how much room its files take is not known")]
    private static partial void LogNotMeasured(ILogger logger, Exception exception, SessionId sessionId);

    /// <summary>What was seen of a session.</summary>
    private sealed record Look(TurnId Turn, long Size, long At, TimeSpan Took);
}

/// <summary>What a session that runs a turn may have on the disk.</summary>
/// <param name="MaxMb">In MiB.</param>
internal sealed record SessionDisk(SessionId Session, TurnId Turn, string Folder, int MaxMb);
