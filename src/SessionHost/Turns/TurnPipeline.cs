using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Text;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Gets a turn answered: one try after another, until there is an answer, nothing more to try, or no time left.</summary>
/// <param name="transports">All that there are; a profile names those that its turns take, in order.</param>
/// <param name="bounds">Of turns whose profile does not say otherwise.</param>
internal sealed partial class TurnPipeline(
    IReadOnlyList<ITransport> transports,
    TurnBounds bounds,
    Breakers breakers,
    TurnRecorder recorder,
    TimeProvider time,
    ILogger<TurnPipeline> logger)
{
    private const int MaxTryDetail = 200;

    public async Task<FinishedTurn> RunAsync(SessionId session, TurnRun run, SessionProcess process)
    {
        var (record, conversation) = process.Describe();
        var turn = new TransportTurn
        {
            Prompt = new TurnPrompt(session, run.TurnId, run.Request.Prompt)
            {
                Attachments = conversation.Profile.Mentions ? [.. run.Attachments, .. MentionedFiles.Read(conversation.Folders.Work, run.Request.Prompt)] : run.Attachments,
                MayBeCommand = conversation.Profile.Commands,
            },
            Conversation = conversation,
            Process = process.For(run),
            Untold = process.UntoldOf(conversation),
            Observer = run.Observer,
            Compacts = run.Request.Command == ConversationCommand.Compact,
        };
        var profile = conversation.Profile;
        var chain = TransportsOf(profile, turn.Compacts);
        if (chain.Count == 0)
        {
            return run.Fail(ProblemCatalogue.InvalidRequest($"Only the transport {ClaudeTransports.StreamJson} can sum a conversation up, and the session's profile does not have it."), time);
        }

        var course = new TurnCourse(profile, chain, BoundsOf(profile), time);
        while (true)
        {
            var transport = course.Transport;
            turn = turn with { MayHaveRun = run.Request.Attempt > 1 || run.Tries.Exists(tried => tried.Process is not null) };
            run.Row ??= recorder.PrefetchAsync(session, run.TurnId, CancellationToken.None);
            var (result, failed) = await TryAsync(transport, turn, record.Profile, run, process, course.BoundsLeft);
            run.Note(result.Notices);
            if (failed is null)
            {
                return run.Answer((TurnOutcome.Completed)result.Outcome, result, transport.Name, time);
            }

            if (run.StopReason is not null)
            {
                return run.Fail(failed.Problem, time);
            }

            turn = turn with { FirstGeneration = Math.Max(turn.FirstGeneration, result.NextGeneration) };
            switch (course.Follow(failed))
            {
                case NextStep.End(var problem):
                    return run.Fail(problem, time);
                case NextStep.Again(var delay, _, var notice):
                    LogTryingAgain(logger, session, run.TurnId, transport.Name, failed.Problem.Code, failed.Problem.Detail, delay);
                    run.Begin(failed, notice);
                    await Task.Delay(delay, time, run.Stopping);
                    break;
                case NextStep.FallBack(var notice):
                    LogFallingBack(logger, session, run.TurnId, transport.Name, failed.Problem.Code, failed.Problem.Detail, course.Transport.Name);
                    run.Begin(failed, notice);
                    break;
            }
        }
    }

    private async Task<(TransportResult Result, FailedTry? Failed)> TryAsync(
        ITransport transport,
        TransportTurn turn,
        string profile,
        TurnRun run,
        SessionProcess process,
        TurnBounds left)
    {
        var startedAt = time.GetUtcNow();
        var usesProcess = transport.Name != ClaudeTransports.Api;
        var refusal = usesProcess ? breakers.Refuse(turn.Prompt.SessionId, profile) : null;
        var result = refusal is null
            ? await RunOnceAsync(transport, turn, run, process, left)
            : new TransportResult(new TurnOutcome.NotStarted(refusal));
        var failed = FailureOf(result);
        if (usesProcess && refusal is null)
        {
            breakers.Report(turn.Prompt.SessionId, profile, failed);
        }

        run.Tries.Add(new TurnTry
        {
            Transport = transport.Name,
            Process = result.Process,
            StartedAt = startedAt,
            FinishedAt = time.GetUtcNow(),
            Outcome = failed is null ? AttemptOutcome.Completed : AttemptOutcome.Failed,
            Problem = Shorten(failed?.Problem),
        });
        return (result, failed);
    }

    // The model sees the prompt once, whatever became of earlier tries. Where tools were called in them it is told of both.
    private static async Task<TransportResult> RunOnceAsync(ITransport transport, TransportTurn turn, TurnRun run, SessionProcess process, TurnBounds left)
    {
        var (removed, problem) = turn is { MayHaveRun: true, Compacts: false } ? await process.RemoveEarlierTriesAsync(run, turn) : default;
        if (problem is not null)
        {
            return new TransportResult(new TurnOutcome.NotStarted(problem));
        }

        // The run's own tries that failed have a notice each.
        var result = await transport.RunAsync(turn, left, run.Stopping);
        return removed && turn.FirstGeneration == 0 ? result with { Notices = [TurnDelivery.ReplayedNotice, .. result.Notices] } : result;
    }

    // A turn's attempts stand in one column of its row, which holds 32 KiB characters.
    private static Problem? Shorten(Problem? problem) =>
        problem is { Detail: { } detail } ? problem with { Detail = detail.Truncate(MaxTryDetail) } : problem;

    private static FailedTry? FailureOf(TransportResult result) =>
        result.Outcome switch
        {
            TurnOutcome.Completed => null,
            TurnOutcome.Failed(var problem) => new FailedTry(problem, Sent: true, result.ToolsUsed, ProcessLost: false),
            TurnOutcome.NotStarted(var problem) => new FailedTry(problem, Sent: false, ToolsUsed: false, ProcessLost: false),
            TurnOutcome.ProcessEnded(var exit) => new FailedTry(
                ProblemCatalogue.ProcessCrashed($"It ended with {exit.Describe()}"),
                Sent: true,
                result.ToolsUsed,
                ProcessLost: true),
            _ => throw new UnreachableException(),
        };

    private List<ITransport> TransportsOf(ClaudeProfile profile, bool compacts) =>
    [
        .. profile.Transports
            .Where(name => !compacts || name == ClaudeTransports.StreamJson)
            .Select(name => transports.First(transport => transport.Name == name)),
    ];

    private TurnBounds BoundsOf(ClaudeProfile profile)
    {
        var idle = profile.TurnIdle ?? bounds.Idle;
        return new TurnBounds(idle, profile.TurnMax ?? bounds.Max, idle < bounds.InterruptGrace ? idle : bounds.InterruptGrace);
    }

    [LoggerMessage(EventIds.TryingAgain, LogLevel.Warning, "Session {SessionId}: a try at turn {TurnId} by {Transport} failed with {Code} ({Detail}); the next is made after {Delay}")]
    private static partial void LogTryingAgain(ILogger logger, SessionId sessionId, TurnId turnId, string transport, string code, string? detail, TimeSpan delay);

    [LoggerMessage(EventIds.FallingBack, LogLevel.Warning, "Session {SessionId}: a try at turn {TurnId} by {Transport} failed with {Code} ({Detail}); the next is made by {Fallback}")]
    private static partial void LogFallingBack(ILogger logger, SessionId sessionId, TurnId turnId, string transport, string code, string? detail, string fallback);
}
