using System.Globalization;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Sessions;

/// <summary>The columns of a session's row.</summary>
internal static class SessionRow
{
    private const string RouteColumn = "RouteId";
    private const string ProfileColumn = "Profile";
    private const string HostColumn = "HostId";
    private const string EpochColumn = "Epoch";
    private const string ClaudeSessionColumn = "ClaudeSessionId";
    private const string HasTranscriptColumn = "HasTranscript";
    private const string TranscriptPathColumn = "TranscriptPath";
    private const string TranscriptOffsetColumn = "TranscriptOffset";
    private const string LastTurnColumn = "LastTurnId";
    private const string CreatedAtColumn = "CreatedAt";
    private const string LastUsedAtColumn = "LastUsedAt";
    private const string ExpiresAtColumn = "ExpiresAt";
    private const string TurnsColumn = "Turns";
    private const string InputTokensColumn = "InputTokens";
    private const string OutputTokensColumn = "OutputTokens";
    private const string CostColumn = "CostUsd";

    public static TableEntity Write(SessionRecord record)
    {
        var row = new TableEntity(StorageKeys.SessionPartition(record.SessionId), StorageKeys.SessionRow(record.SessionId))
        {
            [RouteColumn] = record.RouteId.Value,
            [ProfileColumn] = record.Profile,
            [EpochColumn] = record.Epoch,
            [ClaudeSessionColumn] = record.ClaudeSessionId,
            [HasTranscriptColumn] = record.HasTranscript,
            [TranscriptOffsetColumn] = record.TranscriptOffset,
            [CreatedAtColumn] = record.CreatedAt,
            [LastUsedAtColumn] = record.LastUsedAt,
            [ExpiresAtColumn] = record.ExpiresAt,
            [TurnsColumn] = record.Totals.Turns,
            [InputTokensColumn] = record.Totals.InputTokens,
            [OutputTokensColumn] = record.Totals.OutputTokens,
            [CostColumn] = record.Totals.CostUsd.ToString(CultureInfo.InvariantCulture),
        };
        WriteIfAny(row, HostColumn, record.HostId);
        WriteIfAny(row, TranscriptPathColumn, record.TranscriptPath);
        WriteIfAny(row, LastTurnColumn, record.LastTurnId?.Value);
        SchemaVersions.Write(row);
        return row;
    }

    public static Versioned<SessionRecord> Read(TableEntity row)
    {
        SchemaVersions.Check(row);
        var record = new SessionRecord
        {
            SessionId = SessionId.Parse(row.RowKey),
            RouteId = RouteId.Parse(row.GetString(RouteColumn)),
            Profile = row.GetString(ProfileColumn),
            HostId = row.GetString(HostColumn),
            Epoch = row.GetInt64(EpochColumn) ?? 0,
            ClaudeSessionId = row.GetGuid(ClaudeSessionColumn) ?? throw Missing(row, ClaudeSessionColumn),
            HasTranscript = row.GetBoolean(HasTranscriptColumn) ?? false,
            TranscriptPath = row.GetString(TranscriptPathColumn),
            TranscriptOffset = row.GetInt64(TranscriptOffsetColumn) ?? 0,
            LastTurnId = row.GetString(LastTurnColumn) is { } turn ? TurnId.Parse(turn) : null,
            CreatedAt = row.GetDateTimeOffset(CreatedAtColumn) ?? throw Missing(row, CreatedAtColumn),
            LastUsedAt = row.GetDateTimeOffset(LastUsedAtColumn) ?? throw Missing(row, LastUsedAtColumn),
            ExpiresAt = row.GetDateTimeOffset(ExpiresAtColumn) ?? throw Missing(row, ExpiresAtColumn),
            Totals = new SessionTotals
            {
                Turns = row.GetInt64(TurnsColumn) ?? 0,
                InputTokens = row.GetInt64(InputTokensColumn) ?? 0,
                OutputTokens = row.GetInt64(OutputTokensColumn) ?? 0,
                CostUsd = decimal.Parse(row.GetString(CostColumn) ?? "0", CultureInfo.InvariantCulture),
            },
        };
        return new Versioned<SessionRecord>(record, row.ETag.ToString());
    }

    private static void WriteIfAny(TableEntity row, string column, string? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }

    private static InvalidDataException Missing(TableEntity row, string column) =>
        new($"The session '{row.RowKey}' has no {column}.");
}
