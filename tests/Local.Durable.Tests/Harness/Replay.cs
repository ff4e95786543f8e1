using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Local.Durable.Tests.Harness;

/// <summary>Runs an orchestrator episode by episode without a hub.</summary>
internal sealed class Replay
{
    public const string Id = "replayed";

    private readonly ILoggerFactory _loggers;
    private long _lsn;

    public Replay(Func<TaskOrchestrationContext, Task<object?>> code, ILoggerFactory? loggers = null)
    {
        _loggers = loggers ?? NullLoggerFactory.Instance;
        Code = code;
        Send(new Message.StartRequested(Id, "Code", "", "\"input\"", Now));
    }

    /// <summary>The orchestrator; a test may change it between episodes, as a deployment would.</summary>
    public Func<TaskOrchestrationContext, Task<object?>> Code { get; set; }

    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public InstanceDocument Document { get; private set; } = InstanceDocument.Empty;

    public OrchestrationState State => Document.Orchestration ?? throw new InvalidOperationException("Nothing has run yet.");

    /// <summary>Everything sent to others.</summary>
    public List<Message> Sent { get; } = [];

    public void Send(Message message) => Apply(new LogEntry.MessagesAccepted { Messages = [message] });

    public void Raise(string name, string? payload = null) => Send(new Message.EventSubmitted(Id, name, payload));

    /// <summary>Runs one episode, with the ends of activities and timers given by their numbers.</summary>
    public OrchestrationRuntimeStatus Run(params (int TaskId, string? Result)[] settled)
    {
        string execution = Document.Orchestration?.Start.Execution ?? "";
        return Settle([.. settled.Select(end => new Message.TaskSettled(Id, execution, end.TaskId, end.Result))]);
    }

    public OrchestrationRuntimeStatus Settle(params IReadOnlyList<Message.TaskSettled> settled)
    {
        DurableTaskRegistry registry = new();
        registry.AddOrchestrator("Code", Code);
        OrchestrationEpisode episode = OrchestrationEpisode.Run(Id, Document, settled, Now, registry, _loggers);
        if (episode.Entry is { } entry)
        {
            Sent.AddRange(entry.Messages);
            Apply(entry);
        }

        return State.Status;
    }

    private void Apply(LogEntry entry)
    {
        // Through its serialized form, as the log would have it.
        LogEntry stored = System.Text.Json.JsonSerializer.Deserialize(LogEntry.Serialize(entry), HubJson.Default.LogEntry)!;
        Document = Document.Apply(stored, Id, ++_lsn);
    }
}
