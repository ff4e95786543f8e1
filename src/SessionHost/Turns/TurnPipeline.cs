using System.Diagnostics;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Gets a turn answered: one try after another, until there is an answer or nothing more to try.</summary>
internal sealed partial class TurnPipeline(ITransport transport, TurnBounds bounds, TurnRecorder recorder, TimeProvider time, ILogger<TurnPipeline> logger)
{
    /// <summary>How often a turn is begun here: once, and once more when its process ended in the middle of it.</summary>
    private const int MaxTries = 2;

    /// <exception cref="OperationCanceledException">The turn was stopped before its prompt was sent.</exception>
    public async Task<FinishedTurn> RunAsync(SessionId session, TurnRun run, SessionProcess process)
    {
        var turn = new TransportTurn
        {
            Prompt = new TurnPrompt(session, run.TurnId, run.Request.Prompt) { Attachments = run.Attachments },
            Conversation = process.Conversation,
            Process = process.For(run),
            Observer = run.Observer,
        };
        while (true)
        {
            var startedAt = time.GetUtcNow();
            var running = transport.RunAsync(turn, bounds, run.Stopping);
            run.Row ??= recorder.PrefetchAsync(session, run.TurnId, CancellationToken.None);
            var result = await running;
            var problem = ProblemOf(result.Outcome);
            run.Tries.Add(new TurnTry
            {
                Transport = transport.Name,
                Process = result.Process,
                StartedAt = startedAt,
                FinishedAt = time.GetUtcNow(),
                Outcome = problem is null ? AttemptOutcome.Completed : AttemptOutcome.Failed,
                Problem = problem,
            });
            run.Notices.AddRange(result.Notices);
            if (result.Outcome is TurnOutcome.ProcessEnded(var exit) && run.Tries.Count < MaxTries && run.StopReason is null)
            {
                LogProcessCrashed(logger, session, run.TurnId, exit.Describe());
                continue;
            }

            return result.Outcome is TurnOutcome.Completed(var answer) ? Answered(run, answer, result) : run.Fail(problem!, time);
        }
    }

    private FinishedTurn Answered(TurnRun run, ClaudeAnswer answer, TransportResult result) => new()
    {
        StartedAt = run.StartedAt,
        FinishedAt = time.GetUtcNow(),
        Tries = [.. run.Tries],
        ModelMs = answer.ModelMs,
        ProcessMs = result.Elapsed.TotalMilliseconds,
        Reply = new Reply
        {
            Text = answer.Text,
            Usage = answer.Usage,
            CostUsd = answer.CostUsd,
            Transport = transport.Name,
            Notices = [.. run.Notices],
        },
    };

    private static Problem? ProblemOf(TurnOutcome outcome) =>
        outcome switch
        {
            TurnOutcome.Completed => null,
            TurnOutcome.Failed(var problem) => problem,
            TurnOutcome.NotStarted(var problem) => problem,
            TurnOutcome.ProcessEnded(var exit) => ProblemCatalogue.ProcessCrashed($"It ended with {exit.Describe()}"),
            _ => throw new UnreachableException(),
        };

    [LoggerMessage(EventIds.ProcessCrashed, LogLevel.Warning, "Session {SessionId}: the process ended in the middle of turn {TurnId} with {Exit}; it is resumed and the turn run again")]
    private static partial void LogProcessCrashed(ILogger logger, SessionId sessionId, TurnId turnId, string exit);
}
