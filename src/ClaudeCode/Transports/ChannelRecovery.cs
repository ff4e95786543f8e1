using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Finds what an earlier try at a turn over a channel has left in the transcript, here or on another host.</summary>
internal static class ChannelRecovery
{
    /// <returns>The answer that was given and not handed over, or why the turn may not run again; null when it is to be run.</returns>
    public static async Task<(TransportResult? Settled, string? Notice)> FindAsync(TransportTurn turn)
    {
        if (!turn.MayHaveRun)
        {
            return (null, null);
        }

        var conversation = turn.Conversation;
        var turnId = turn.Prompt.TurnId.Value;
        var mark = conversation.Profile.Channel.TypedInput ? ChannelMark.Typed(turnId, turn.Prompt.Text) : ChannelMark.Pushed(turnId);
        var cursor = TranscriptCursor.At(conversation.Transcript.Path, conversation.TranscriptOffset);
        var trace = await new ChannelTranscript(cursor, mark, SilentObserver.Instance).ReadAsync(CancellationToken.None);
        if (trace.Answer is { } answer)
        {
            return (new TransportResult(new TurnOutcome.Completed(new ClaudeAnswer(ReplyTool.Choose(trace.Replies, answer), trace.Usage, 0, null))) { Notices = [TurnDelivery.RecoveredNotice] }, null);
        }

        if (!trace.IsSeen)
        {
            return (null, null);
        }

        var mayHaveActed = trace.ToolsUsed || trace.Failure is null;
        return mayHaveActed && ReplayDecision.Refuse(conversation.Profile.Replay, trace.ToolsUsed, TurnDelivery.CutOff) is { } refusal
            ? (new TransportResult(new TurnOutcome.Failed(refusal)), null)
            : (null, trace.ToolsUsed ? TurnDelivery.ToolsReplayedNotice : TurnDelivery.ReplayedNotice);
    }
}
