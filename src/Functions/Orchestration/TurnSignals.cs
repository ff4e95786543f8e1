using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using Microsoft.DurableTask;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>What the orchestration of a turn hears from outside.</summary>
/// <remarks>
/// For each kind of event one wait stands at any time and outlives the attempts: an event goes to the wait that was begun
/// last, even one that nobody looks at any more.
/// </remarks>
internal sealed class TurnSignals(TaskOrchestrationContext context)
{
    private readonly Task<Problem> _stop = context.WaitForExternalEvent<Problem>(TurnOrchestration.StopEvent);
    private Task<TurnFinished> _finished = context.WaitForExternalEvent<TurnFinished>(TurnOrchestration.TurnFinishedEvent);

    /// <summary>Why the turn is to be stopped; null while nobody has asked for it.</summary>
    public Problem? StopReason { get; private set; }

    /// <summary>Waits until that time, for the end of an attempt, or until somebody asks for the first time to stop the turn.</summary>
    /// <param name="epoch">The attempt; null where none runs.</param>
    /// <returns>The host's word about the attempt; null when there was none.</returns>
    public async Task<TurnFinished?> WaitAsync(DateTime until, long? epoch)
    {
        // Durable timers may fire up to a second early, so it is the clock that says whether the time has come.
        while (context.CurrentUtcDateTime < until)
        {
            using var over = new CancellationTokenSource();
            var timer = context.CreateTimer(until, over.Token);
            var first = StopReason is null
                ? await Task.WhenAny(_finished, _stop, timer)
                : await Task.WhenAny(_finished, timer);
            if (first == timer)
            {
                continue;
            }

            CancelTimer(over);
            if (first == _stop)
            {
                StopReason = await _stop;
                return null;
            }

            var heard = await _finished;
            _finished = context.WaitForExternalEvent<TurnFinished>(TurnOrchestration.TurnFinishedEvent);
            if (heard.Epoch == epoch)
            {
                return heard;
            }
        }

        return null;
    }

    /// <summary>Hears, without waiting, whether the turn is to be stopped.</summary>
    public async Task ListenAsync()
    {
        if (_stop.IsCompleted)
        {
            StopReason ??= await _stop;
        }
    }

    // Not CancelAsync: what it returns is completed by the thread pool, and an orchestrator may await durable tasks only.
    private static void CancelTimer(CancellationTokenSource over) => over.Cancel();
}
