using System.Globalization;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Shows what was said in a session, from its transcript: the host that has it from its disk, any other from the blob.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    public static async Task<IResult> ReadAsync(
        string sessionId,
        string? before,
        string? limit,
        ISessionStore sessions,
        ITranscriptStore transcripts,
        SessionHostOptions options,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        if (!TryRead(before, out var end) || !TryRead(limit, out var count) || count is 0 or > MaxLimit)
        {
            return new ProblemResult(ProblemCatalogue.InvalidRequest($"'before' is a number that an earlier page gave, 'limit' one from 1 to {MaxLimit}."));
        }

        if (await sessions.FindAsync(session, cancellationToken) is not { Value: var record })
        {
            return new ProblemResult(ProblemCatalogue.SessionNotFound());
        }

        var size = (int)(count ?? DefaultLimit);
        var page = record.HostId == options.HostId
            ? await TranscriptHistory.ReadAsync(new SessionFolders(options.WorkPath, record.RouteId).Transcript(record.ClaudeSessionId), end, size, cancellationToken)
            : await ReadBlobAsync(record, transcripts, end, size, cancellationToken);
        return Results.Json(page, ContractsJsonContext.Default.HistoryPage);
    }

    private static async Task<HistoryPage> ReadBlobAsync(SessionRecord record, ITranscriptStore transcripts, long? before, int limit, CancellationToken cancellationToken)
    {
        var copy = Path.GetTempFileName();
        try
        {
            await using (var file = File.OpenWrite(copy))
            {
                _ = record.TranscriptBlob is { } blob && await transcripts.CopyAsync(blob, record.TranscriptOffset, file, cancellationToken);
            }

            return await TranscriptHistory.ReadAsync(new Transcript(copy), before, limit, cancellationToken);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static bool TryRead(string? text, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return text is null || number is not null;
    }
}
