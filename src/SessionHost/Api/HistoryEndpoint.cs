using System.Globalization;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Shows what was said in a session, from its transcript: any host that shares the folder can.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    public static async Task<IResult> ReadAsync(
        string sessionId,
        string? before,
        string? limit,
        ISessionStore sessions,
        SessionHostOptions options,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
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

        var folders = new SessionFolders(options.SessionsPath, options.WorkPath, record.RouteId);
        var page = await TranscriptHistory.ReadAsync(folders.Transcript(record.ClaudeSessionId), end, (int)(count ?? DefaultLimit), cancellationToken);
        return Results.Json(page, ContractsJsonContext.Default.HistoryPage);
    }

    private static bool TryRead(string? text, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return text is null || number is not null;
    }
}
