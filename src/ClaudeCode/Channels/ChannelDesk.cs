using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Takes what a process reports, by hooks and over its channel, and hands it to the turn that runs.</summary>
/// <remarks>Safe for concurrent use. What comes between turns concerns none: it is answered and forgotten.</remarks>
internal sealed partial class ChannelDesk(ILogger logger) : IChannelListener
{
    private const string Gone = "The message that this answers is answered already; nobody reads this.";
    private static readonly PermissionDecision s_nobody = new PermissionDecision.Deny("No turn is running for which this could be allowed.");

    private volatile ActiveChannel? _turn;
    private volatile bool _connected;
    private volatile bool _processEnded;

    /// <summary>Whether the process is connected with our MCP server.</summary>
    public bool IsConnected => _connected;

    /// <summary>Carries the answer of the channel's question back; set once the server is there.</summary>
    public Func<string, bool, Task>? Decide { get; set; }

    public void Begin(ActiveChannel turn)
    {
        _turn = turn;
        if (_processEnded)
        {
            turn.Tell(new ChannelNews.ProcessEnded());
        }
    }

    public void End() => _turn = null;

    /// <summary>The process has ended: nothing more will come.</summary>
    public void EndProcess()
    {
        _processEnded = true;
        _turn?.Tell(new ChannelNews.ProcessEnded());
    }

    /// <summary>A hook has arrived.</summary>
    /// <param name="cancellationToken">Cancelled when the CLI no longer waits for the answer.</param>
    public async Task<HookAnswer> TakeAsync(HookEvent told, CancellationToken cancellationToken)
    {
        LogHook(logger, told.GetType().Name, told.PromptId);
        var turn = _turn;
        if (told is HookEvent.PermissionRequested(var tool, var input))
        {
            return HookAnswer.Of(turn is null ? s_nobody : await turn.Questions.AskAsync(tool, input).WaitAsync(cancellationToken));
        }

        turn?.Tell(told);
        return HookAnswer.None;
    }

    public void Connected(ChannelClient client) => _connected = true;

    public void Disconnected() => _connected = false;

    public string Replied(string? turnId, string text)
    {
        if (_turn is not { } turn || (turnId is not null && turnId != turn.Mark.TurnId))
        {
            return Gone;
        }

        turn.Reply(text);
        return "The answer was delivered.";
    }

    public void PermissionAsked(ChannelPermission request)
    {
        if (_turn is { } turn && Decide is { } decide)
        {
            _ = AnswerAsync(turn, request, decide);
        }
    }

    // Ends with the question: the turn's end closes it.
    private async Task AnswerAsync(ActiveChannel turn, ChannelPermission request, Func<string, bool, Task> decide)
    {
        try
        {
            var decision = await turn.Questions.AskAsync(request);
            await decide(request.RequestId, decision is PermissionDecision.Allow);
        }
        catch (IOException exception)
        {
            // The process has gone, and the question with it.
            LogUnanswered(logger, exception, request.ToolName);
        }
    }

    [LoggerMessage(EventIds.HookArrived, LogLevel.Debug, "Hook {Event} of prompt {PromptId}")]
    private static partial void LogHook(ILogger logger, string @event, string? promptId);

    [LoggerMessage(EventIds.ChannelQuestionLost, LogLevel.Debug, "The answer for tool '{Tool}' could not be given")]
    private static partial void LogUnanswered(ILogger logger, Exception exception, string tool);
}
