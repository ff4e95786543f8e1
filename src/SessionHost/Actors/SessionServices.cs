using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Metrics;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Orphans;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.SessionHost.Usage;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What every actor of the host works with.</summary>
internal sealed record SessionServices
{
    public SessionServices(SessionHostOptions options)
    {
        HostId = options.HostId;
        WorkPath = options.WorkPath;
        SessionTtl = options.SessionTtl;
    }

    public string HostId { get; }

    public string WorkPath { get; }

    public TimeSpan SessionTtl { get; }

    public required SessionProfiles Profiles { get; init; }

    public required ISessionStore Sessions { get; init; }

    public required ITurnStore Turns { get; init; }

    public required ITranscriptStore Transcripts { get; init; }

    public required TurnRecorder Recorder { get; init; }

    public required Callbacks Callbacks { get; init; }

    public required ProcessLaunchers Launchers { get; init; }

    public required TurnPipeline Pipeline { get; init; }

    public required TurnRelays Relays { get; init; }

    public required LiveProcesses LiveProcesses { get; init; }

    public required Breakers Breakers { get; init; }

    public required ReadyProcesses Ready { get; init; }

    public required HostMetrics Metrics { get; init; }

    public required UsageLedger Usage { get; init; }

    public required ProcessSlots Slots { get; init; }

    public required DiskSpace Disk { get; init; }

    public required OtherHosts OtherHosts { get; init; }

    public required BeatClock Beat { get; init; }

    /// <summary>Cancelled when the host can wait no longer for what is not written yet.</summary>
    public required CancellationToken Aborting { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger<SessionActor> Logger { get; init; }
}
