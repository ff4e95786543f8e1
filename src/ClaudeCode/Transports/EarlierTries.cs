using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Finds what earlier tries at a turn have left in the conversation's transcript, by whatever transport they were made.</summary>
public static class EarlierTries
{
    /// <summary>Looks for an end of the transcript that has nothing but the turn's prompt and what failed in answering it.</summary>
    /// <returns>
    /// Where it begins, in bytes. Null where there is none, where tools were called, and where the profile lets no turn run again of
    /// which nobody knows how it ended.
    /// </returns>
    public static async Task<long?> FindAsync(TransportTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);

        var conversation = turn.Conversation;
        var ids = MessageIds.AllFor(turn.Prompt);
        var pushed = ChannelMark.Pushed(turn.Prompt.TurnId.Value);
        var tail = new UnansweredTail((line, message) =>
            (Guid.TryParse(line.Text("uuid"), out var id) && ids.Contains(id)) || pushed.IsIn(MessageContent.TextOf(message) ?? string.Empty));
        var lines = TranscriptCursor.At(conversation.Transcript.Path, conversation.TranscriptOffset);
        await foreach (var line in lines.ReadAsync(CancellationToken.None))
        {
            tail.Accept(line, lines.Offset);
        }

        var mayRunAgain = tail.Failed || ReplayDecision.Refuse(conversation.Profile.Replay, toolsUsed: false, TurnDelivery.CutOff) is null;
        return mayRunAgain ? tail.Start : null;
    }
}
