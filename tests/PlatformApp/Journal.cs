using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.PlatformApp;

/// <summary>An entity that keeps lines in the order in which it got them, and asks others for things.</summary>
public sealed class Journal(TimeProvider time) : TaskEntity<JournalState>
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public void Add(string line) => State.Lines.Add(line);

    public int Count() => State.Lines.Count;

    /// <summary>Adds a line and fails: the line must not stay.</summary>
    public void Break(string line)
    {
        State.Lines.Add(line);
        throw new InvalidOperationException("This operation always fails.");
    }

    /// <summary>Adds a line to the file <c>held</c> of that folder, and one to the journal once there is a file <c>release</c>.</summary>
    public async Task Hold(string folder)
    {
        await File.AppendAllLinesAsync(Path.Combine(folder, "held"), [$"{Environment.ProcessId}"]);
        while (!File.Exists(Path.Combine(folder, "release")))
        {
            await Task.Delay(s_look, time, CancellationToken.None);
        }

        State.Lines.Add("held");
    }

    /// <summary>Sends itself a signal for later.</summary>
    public void AddLater(LaterLine later) =>
        Context.SignalEntity(Context.Id, nameof(Add), later.Line, new SignalEntityOptions { SignalTime = later.At });

    public void Start(StartFromJournal start) =>
        Context.ScheduleNewOrchestration(start.Orchestrator, start.Input, new StartOrchestrationOptions(start.InstanceId));

    /// <summary>Leaves an entity without state.</summary>
    public void Forget() => State = null!;

    [Function(nameof(Journal))]
    public Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    protected override JournalState InitializeState(TaskEntityOperation entityOperation) => new([]);
}

public sealed record JournalState(List<string> Lines);

public sealed record LaterLine(string Line, DateTimeOffset At);

public sealed record StartFromJournal(string Orchestrator, string? Input, string InstanceId);
