using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Knows whether other hosts have room for turns that wait here.</summary>
/// <remarks>As many turns may leave as there is room, so that they do not all go there at once, and then on. Thread-safe.</remarks>
internal sealed partial class OtherHosts(SessionHostOptions options, IHostStore hosts, TimeProvider time, ILogger<OtherHosts> logger) : IDisposable
{
    /// <summary>How often it is looked at what other hosts say of themselves.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _looking = new(1);
    private List<(IReadOnlyList<string> Profiles, int Room)> _room = [];
    private long? _lookedAt;

    /// <summary>Takes a place at another host.</summary>
    /// <returns>False when none has room for a turn of the profile, or nobody can tell.</returns>
    public async Task<bool> TryTakeRoomAsync(string? profile)
    {
        await _looking.WaitAsync();
        try
        {
            if (_lookedAt is not { } at || time.GetElapsedTime(at) >= Interval)
            {
                var now = time.GetUtcNow();
                _lookedAt = time.GetTimestamp();
                _room = [];
                _room =
                [
                    .. (await hosts.ListAsync(CancellationToken.None))
                        .Where(host => host.HostId != options.HostId && host.IsAliveAt(now) && !host.Draining)
                        .Select(host => (host.Profiles, host.MaxSessions - host.RunningTurns)),
                ];
            }

            var found = _room.FindIndex(host => host.Room > 0 && (profile is null || host.Profiles.Contains(profile)));
            if (found < 0)
            {
                return false;
            }

            _room[found] = (_room[found].Profiles, _room[found].Room - 1);
            return true;
        }
        catch (Exception exception)
        {
            LogNotRead(logger, exception);
            return false;
        }
        finally
        {
            _looking.Release();
        }
    }

    public void Dispose() => _looking.Dispose();

    [LoggerMessage(EventIds.OtherHostsNotRead, LogLevel.Warning, "Whether another host has room is not known: turns go on waiting here")]
    private static partial void LogNotRead(ILogger logger, Exception exception);
}
