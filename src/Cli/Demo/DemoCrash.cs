using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Cli.Conversation;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Cli.Stack;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Demo;

/// <summary>Kills the session host in the middle of a turn and looks at what becomes of the turn.</summary>
internal sealed class DemoCrash(BrokerStack stack, Stage stage, FrontClient front, QueueWay queue, TimeProvider time)
{
    // Long enough for the host to be killed in the middle of it; the attempt after that takes as long.
    private const string SlowPrompt = "are you still there? {{model: delay=6s}}";

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_duplicateWatch = TimeSpan.FromSeconds(2);

    /// <summary>Plays the crash.</summary>
    /// <param name="sessionId">A session whose process is warm.</param>
    /// <returns>Whether everything held.</returns>
    public async Task<bool> RunAsync(string sessionId, CancellationToken cancellationToken)
    {
        stage.Say("a slow turn, and its session host is killed while the model thinks");
        var started = time.GetTimestamp();
        var request = new SubmitTurnRequest { Prompt = SlowPrompt, ReplyTo = QueueNames.Replies };
        var submitted = await front.SubmitAsync(sessionId, request, wait: false, cancellationToken);
        await ModelIsAskedAsync(cancellationToken);
        var victim = await KillHostOfAsync(sessionId, submitted.TurnId, cancellationToken);

        using var limit = new CancellationTokenSource(s_longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        TurnResource ended;
        try
        {
            ended = await front.EndOfAsync(sessionId, submitted.TurnId, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            stage.Check(false, $"the turn did not end within {s_longest.TotalSeconds:0} s after {victim} was killed");
            return false;
        }

        var elapsed = time.GetElapsedTime(started);
        var completed = ended.Status == TurnStatus.Completed && ended.Reply?.Text.Contains("are you still there?", StringComparison.Ordinal) == true;
        stage.Check(completed, string.Create(
            CultureInfo.InvariantCulture,
            $"{victim} was killed; the turn ended as {ended.Status} after {elapsed.TotalSeconds:0.0} s and {ended.Attempts.Count} attempts: {ended.Reply?.Text}"));
        return completed
            & await RepliedOnceAsync(submitted.TurnId, cancellationToken)
            & await RemembersAsync(sessionId, cancellationToken);
    }

    private async Task<bool> RepliedOnceAsync(string turnId, CancellationToken cancellationToken)
    {
        await queue.ReplyAsync(turnId, cancellationToken);
        // A second reply would be on its way by now.
        await Task.Delay(s_duplicateWatch, time, cancellationToken);
        var replies = await queue.CountAsync(turnId, cancellationToken);
        stage.Check(replies == 1, $"replies to that turn: {replies}");
        return replies == 1;
    }

    // The number in the answer is not looked at: the prompt of the attempt that was cut off may stay in the transcript.
    private async Task<bool> RemembersAsync(string sessionId, CancellationToken cancellationToken)
    {
        var answer = await front.AskAsync(sessionId, new SubmitTurnRequest { Prompt = "recall colour" }, cancellationToken);
        var remembers = answer.Reply?.Text.EndsWith(" teal", StringComparison.Ordinal) == true;
        stage.Check(remembers, $"the conversation goes on where it was: recall colour → {answer.Reply?.Text ?? answer.Status.ToString()}");
        return remembers;
    }

    private async Task ModelIsAskedAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = stack.Endpoints.Model?.Url };
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < s_longest)
        {
            var list = await http.GetFromJsonAsync<JsonElement>("_control/requests", cancellationToken);
            if (list.GetProperty("requests").EnumerateArray().Any(request => request.GetProperty("prompt").GetString() == SlowPrompt))
            {
                return;
            }

            await Task.Delay(s_pollInterval, time, cancellationToken);
        }

        throw new CommandException(ExitCodes.Failure, "the slow turn never reached the model");
    }

    private async Task<string> KillHostOfAsync(string sessionId, string turnId, CancellationToken cancellationToken)
    {
        var turn = await front.GetAsync(sessionId, turnId, cancellationToken);
        var hostId = turn.Attempts.Count > 0
            ? turn.Attempts[^1].HostId
            : throw new CommandException(ExitCodes.Failure, "the slow turn does not say on which host it runs");
        ProcessGroup.Kill(stack.Endpoints.Hosts.First(host => host.Id == hostId).Pid);
        return hostId;
    }
}
