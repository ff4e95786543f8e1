using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Writes the host's row, from the moment that it listens until it stops, so that the front sends it turns.</summary>
internal sealed partial class Heartbeat(
    SessionHostOptions options,
    SessionPool pool,
    IHostStore store,
    BeatClock beat,
    IServer server,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Heartbeat> logger) : BackgroundService
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly IReadOnlyList<string> _profiles = [.. options.Profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Writes the row now; a failure is logged, and the next beat tries again.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sent = time.GetTimestamp();
            await store.SaveAsync(Describe(), cancellationToken);
            beat.Note(sent);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogMissed(logger, exception);
        }
    }

    /// <summary>Removes the row: the host takes no more turns.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        try
        {
            await store.DeleteAsync(options.HostId, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Without beats the front takes it for dead soon enough.
            LogMissed(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WaitUntilListeningAsync(stoppingToken);
            using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
            do
            {
                await BeatAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.UnsafeRegister(_ => listening.TrySetResult(), null);
        await listening.Task.WaitAsync(cancellationToken);
    }

    private HostRecord Describe() => new()
    {
        HostId = options.HostId,
        Url = options.PublicUrl ?? new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()),
        StartedAt = _startedAt,
        HeartbeatAt = time.GetUtcNow(),
        HeartbeatInterval = options.HeartbeatInterval,
        LiveProcesses = pool.LiveProcesses,
        RunningTurns = pool.RunningTurns,
        MaxSessions = pool.MaxSessions,
        Profiles = _profiles,
        Draining = pool.IsDraining,
    };

    [LoggerMessage(EventIds.Missed, LogLevel.Warning, "The host's row could not be written")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
