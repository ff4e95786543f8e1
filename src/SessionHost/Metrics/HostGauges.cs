using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Metrics;

/// <summary>What a host shows of its state at the moment that it is asked.</summary>
internal sealed class HostGauges(HostMetrics metrics, SessionPool pool, ReadyProcesses ready, MemoryGuard memory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = metrics.Meter;
        meter.CreateObservableGauge("broker_sessions", CountSessions, null, "Sessions that are awake, by what they do.");
        meter.CreateObservableGauge("broker_processes", () => pool.LiveProcesses, null, "Processes that live, those that are ready included.");
        meter.CreateObservableGauge("broker_processes_limit", () => pool.MaxSessions, null, "How many processes may live.");
        meter.CreateObservableGauge("broker_turns_waiting", () => pool.WaitingTurns, null, "Turns that wait for a process.");
        meter.CreateObservableGauge("broker_processes_ready", () => ready.Count, null, "Processes that no session has yet.");
        meter.CreateObservableGauge("broker_processes_resident_bytes", () => memory.Bytes, "By", "What the processes, and what they have started, hold in memory.");
        meter.CreateObservableGauge("broker_host_resident_bytes", () => Environment.WorkingSet, "By", "What the host itself holds in memory.");
        meter.CreateObservableGauge("broker_host_heap_bytes", () => GC.GetTotalMemory(forceFullCollection: false), "By", "What of that is objects, with those that nobody needs any more.");
        meter.CreateObservableGauge("broker_breakers_open", () => pool.OpenBreakers, null, "Sessions and profiles that are suspended because they fail again and again.");
        meter.CreateObservableGauge("broker_draining", () => pool.IsDraining ? 1 : 0, null, "Whether the host takes no more turns.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> CountSessions()
    {
        var sessions = pool.Describe(FrozenDictionary<string, long>.Empty).ToList();
        return Enum.GetValues<HostSessionState>().Select(state => new Measurement<int>(
            sessions.Count(session => session.State == state),
            new KeyValuePair<string, object?>("state", state.ToString())));
    }
}
