using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>What was said last in a conversation, for another one that takes its place.</summary>
public static class LastExchanges
{
    /// <summary>How many at most.</summary>
    public const int MaxCount = 8;

    private const int MaxTextLength = 4096;
    private const int MaxEntries = 200;
    private const string UserRole = "user";

    /// <summary>Reads them from the end of a transcript.</summary>
    /// <returns>Oldest first. A long text is cut, and of an answer in several messages only the last counts.</returns>
    public static async Task<IReadOnlyList<Exchange>> ReadAsync(Transcript transcript, CancellationToken cancellationToken)
    {
        var page = await TranscriptHistory.ReadAsync(transcript, before: null, MaxEntries, cancellationToken);
        List<Exchange> exchanges = [];
        HistoryEntry? answer = null;
        foreach (var entry in page.Entries.Where(entry => entry.Text.Length > 0))
        {
            if (entry.Role != UserRole)
            {
                answer ??= entry;
                continue;
            }

            if (answer is not null)
            {
                exchanges.Add(new Exchange { TurnId = string.Empty, Prompt = entry.Text.Truncate(MaxTextLength), Answer = answer.Text.Truncate(MaxTextLength) });
            }

            if (exchanges.Count == MaxCount)
            {
                break;
            }

            answer = null;
        }

        exchanges.Reverse();
        return exchanges;
    }
}
