using System.Diagnostics.Metrics;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Outcomes;

namespace FunctionsBroker.SessionHost.Metrics;

/// <summary>What a host counts. Every host has a meter of its own.</summary>
internal sealed class HostMetrics : IDisposable
{
    public const string MeterName = "FunctionsBroker.SessionHost";

    private readonly Counter<long> _turns;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _tries;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _ends;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _hooks;

    public HostMetrics()
    {
        Meter = new Meter(MeterName);
        _turns = Meter.CreateCounter<long>("broker_turns", null, "Turns that ended here.");
        _durations = Meter.CreateHistogram<double>("broker_turn_duration_seconds", "s", "From a turn's arrival at this host to its end.");
        _tries = Meter.CreateCounter<long>("broker_tries", null, "Tries at turns, by transport and by what became of them.");
        _starts = Meter.CreateCounter<long>("broker_process_starts", null, "Processes that came up.");
        _ends = Meter.CreateCounter<long>("broker_process_ends", null, "Processes that are gone, by how they went.");
        _callbacks = Meter.CreateCounter<long>("broker_callbacks", null, "Calls to the front that tell of a turn's end.");
        _hooks = Meter.CreateCounter<long>("broker_hooks", null, "Hooks of processes, by event and by what became of them.");
    }

    public Meter Meter { get; }

    public void TurnEnded(FinishedTurn finished)
    {
        var outcome = finished.Problem?.Code ?? "completed";
        _turns.Add(1, new("outcome", outcome), new("transport", finished.Reply?.Transport ?? "none"));
        _durations.Record((finished.FinishedAt - finished.StartedAt).TotalSeconds);
        foreach (var attempt in finished.Tries)
        {
            _tries.Add(1, new("transport", attempt.Transport), new("outcome", attempt.Problem?.Code ?? "completed"));
        }
    }

    /// <param name="ready">Whether it was started before there was a session for it.</param>
    public void ProcessStarted(IClaudeProcess process, bool ready) =>
        _starts.Add(1, new KeyValuePair<string, object?>("kind", ready ? "ready" : process.Resumed ? "resumed" : "new"));

    /// <param name="exitCode">128 plus the signal's number when a signal ended it.</param>
    public void ProcessEnded(int exitCode) =>
        _ends.Add(1, new KeyValuePair<string, object?>("exit", exitCode switch { 0 => "orderly", 137 => "killed", 143 => "terminated", _ => "failed" }));

    public void CalledBack(string result) => _callbacks.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <param name="name">As the caller has it; counted by name only where it is known.</param>
    public void Hooked(string name, string result) =>
        _hooks.Add(1, new("event", HookEventReader.Names.Contains(name) ? name : "other"), new("result", result));

    public void Dispose() => Meter.Dispose();
}
