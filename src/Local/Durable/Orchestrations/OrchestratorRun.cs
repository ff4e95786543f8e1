using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>One episode of an orchestrator's code: all it has lived through again, and then what is new.</summary>
internal sealed class OrchestratorRun
{
    private readonly Func<TaskOrchestrationContext, Task<object?>> _code;
    private readonly EpisodeScheduler _scheduler = new();
    private readonly OrchestratorContext _context;
    private readonly List<HistoryEvent> _heldBack = [];
    private Task<object?>? _running;
    private bool _suspended;

    public OrchestratorRun(
        string instanceId,
        OrchestrationStart start,
        Func<TaskOrchestrationContext, Task<object?>> code,
        DataConverter converter,
        ILoggerFactory loggers)
    {
        _code = code;
        _context = new OrchestratorContext(instanceId, start, converter, loggers);
    }

    /// <param name="past">Events whose effects are recorded.</param>
    /// <param name="news">Events since then; the first one starts the episode.</param>
    public EpisodeResult Execute(IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> news)
    {
        try
        {
            _context.Replaying = true;
            Process(past);
            _context.Replaying = false;
            Process(news);
            return Result();
        }
        catch (Exception exception)
        {
            // The replay does not fit the history, or the custom status cannot be serialized.
            return EpisodeResult.Failed(TaskFailureDetails.FromException(exception), null);
        }
    }

    private void Process(IReadOnlyList<HistoryEvent> events)
    {
        foreach (HistoryEvent happened in events)
        {
            Process(happened);
        }
    }

    private void Process(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.EpisodeStarted episode:
                _context.Clock = episode.At;
                return;
            case HistoryEvent.ExecutionResumed:
                _suspended = false;
                HistoryEvent[] held = [.. _heldBack];
                _heldBack.Clear();
                Process(held);
                return;
            case HistoryEvent.ExecutionSuspended:
                _suspended = true;
                return;
            case not null when _suspended:
                _heldBack.Add(happened);
                return;
            case HistoryEvent.ExecutionStarted:
                _running = Task.Factory.StartNew(
                    RunCodeAsync, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
                break;
            default:
                _context.Apply(happened!);
                break;
        }

        _scheduler.RunReady();
    }

    private async Task<object?> RunCodeAsync()
    {
        try
        {
            return await _code(_context);
        }
        finally
        {
            // Code that failed inside a critical section, or forgot to leave it, leaves it now.
            _context.ExitCriticalSection();
        }
    }

    private EpisodeResult Result()
    {
        EpisodeOutcome outcome = Outcome();
        bool ended = outcome.Status.IsTerminal();
        return new EpisodeResult(outcome, _context.TakePlanned())
        {
            Continuation = outcome.Status == OrchestrationRuntimeStatus.Completed ? _context.Continuation() : null,
            CancelledTimers = _context.CancelledTimers,
            Strayed = !ended && _scheduler.HasStrayed,
        };
    }

    private EpisodeOutcome Outcome()
    {
        string? customStatus = _context.SerializedCustomStatus();
        if (_running is not { IsCompleted: true } run || _context.IsHeld)
        {
            return new EpisodeOutcome(
                _suspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running, CustomStatus: customStatus);
        }

        try
        {
#pragma warning disable VSTHRD002 // Completed: this only takes the result or throws what the code threw.
            string? output = _context.Converter.Serialize(run.GetAwaiter().GetResult());
#pragma warning restore VSTHRD002
            return new EpisodeOutcome(OrchestrationRuntimeStatus.Completed, output, null, customStatus);
        }
        catch (Exception exception)
        {
            return new EpisodeOutcome(
                OrchestrationRuntimeStatus.Failed, null, TaskFailureDetails.FromException(exception), customStatus);
        }
    }
}
