using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Usage;
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
    private const string TranscriptBlobColumn = "TranscriptBlob";
    private const string TranscriptOffsetColumn = "TranscriptOffset";
    private const string TranscriptDigestColumn = "TranscriptDigest";
    private const string TranscriptTurnColumn = "TranscriptTurnId";
    private const string LastTurnColumn = "LastTurnId";
    private const string CreatedAtColumn = "CreatedAt";
    private const string LastUsedAtColumn = "LastUsedAt";
    private const string ExpiresAtColumn = "ExpiresAt";
    private const string TurnsColumn = "Turns";
    private const string InputTokensColumn = "InputTokens";
    private const string OutputTokensColumn = "OutputTokens";
    private const string CacheReadTokensColumn = "CacheReadTokens";
    private const string CacheWriteTokensColumn = "CacheWriteTokens";
    private const string CostColumn = "CostUsd";
    private const string TitleColumn = "Title";
    private const string TtlColumn = "TtlSeconds";
    private const string BudgetColumn = "BudgetUsd";
    private const string DeletingSinceColumn = "DeletingSince";

    // One column a tag, so that the service can look for it. Column names are identifiers, which tags need not be.
    private const string TagColumnPrefix = "Tag_";

    public static string HostFilter(string hostId) => TableClient.CreateQueryFilter($"HostId eq {hostId}");

    public static string ProfileFilter(string profile) => TableClient.CreateQueryFilter($"Profile eq {profile}");

    public static string TagFilter(string tag) => $"{TagColumn(tag)} eq true";

    public static TableEntity Write(SessionRecord record)
    {
        var row = new TableEntity(StorageKeys.SessionPartition(record.SessionId), StorageKeys.SessionRow(record.SessionId))
        {
            [RouteColumn] = record.RouteId.Value,
            [ProfileColumn] = record.Profile,
            [EpochColumn] = record.Epoch,
            [ClaudeSessionColumn] = record.ClaudeSessionId,
            [TranscriptOffsetColumn] = record.TranscriptOffset,
            [CreatedAtColumn] = record.CreatedAt,
            [LastUsedAtColumn] = record.LastUsedAt,
            [ExpiresAtColumn] = record.ExpiresAt,
            [TurnsColumn] = record.Totals.Turns,
            [InputTokensColumn] = record.Totals.InputTokens,
            [OutputTokensColumn] = record.Totals.OutputTokens,
            [CacheReadTokensColumn] = record.Totals.CacheReadTokens,
            [CacheWriteTokensColumn] = record.Totals.CacheWriteTokens,
            [CostColumn] = record.Totals.CostUsd.ToString(CultureInfo.InvariantCulture),
        };
        WriteIfAny(row, HostColumn, record.HostId);
        WriteIfAny(row, TranscriptBlobColumn, record.TranscriptBlob);
        WriteIfAny(row, TranscriptDigestColumn, record.TranscriptDigest);
        WriteIfAny(row, TranscriptTurnColumn, record.TranscriptTurnId?.Value);
        WriteIfAny(row, LastTurnColumn, record.LastTurnId?.Value);
        WriteIfAny(row, TitleColumn, record.Title);
        WriteIfAny(row, TtlColumn, record.Ttl?.TotalSeconds);
        WriteIfAny(row, BudgetColumn, record.BudgetUsd?.ToString(CultureInfo.InvariantCulture));
        WriteIfAny(row, DeletingSinceColumn, record.DeletingSince);
        foreach (var tag in record.Tags)
        {
            row[TagColumn(tag)] = true;
        }

        SchemaVersions.Write(row);
        return row;
    }

    public static Versioned<SessionRecord> Read(TableEntity row)
    {
        SchemaVersions.Check(row);
        var record = new SessionRecord
        {
            SessionId = StorageKeys.SessionOf(row.RowKey),
            RouteId = RouteId.Parse(row.GetString(RouteColumn)),
            Profile = row.GetString(ProfileColumn),
            HostId = row.GetString(HostColumn),
            Epoch = row.GetInt64(EpochColumn) ?? 0,
            ClaudeSessionId = row.GetGuid(ClaudeSessionColumn) ?? throw Missing(row, ClaudeSessionColumn),
            TranscriptBlob = row.GetString(TranscriptBlobColumn),
            TranscriptOffset = row.GetInt64(TranscriptOffsetColumn) ?? 0,
            TranscriptDigest = row.GetString(TranscriptDigestColumn),
            TranscriptTurnId = row.GetString(TranscriptTurnColumn) is { } told ? TurnId.Parse(told) : null,
            LastTurnId = row.GetString(LastTurnColumn) is { } turn ? TurnId.Parse(turn) : null,
            CreatedAt = row.GetDateTimeOffset(CreatedAtColumn) ?? throw Missing(row, CreatedAtColumn),
            LastUsedAt = row.GetDateTimeOffset(LastUsedAtColumn) ?? throw Missing(row, LastUsedAtColumn),
            ExpiresAt = row.GetDateTimeOffset(ExpiresAtColumn) ?? throw Missing(row, ExpiresAtColumn),
            Totals = new UsageTotals
            {
                Turns = row.GetInt64(TurnsColumn) ?? 0,
                InputTokens = row.GetInt64(InputTokensColumn) ?? 0,
                OutputTokens = row.GetInt64(OutputTokensColumn) ?? 0,
                CacheReadTokens = row.GetInt64(CacheReadTokensColumn) ?? 0,
                CacheWriteTokens = row.GetInt64(CacheWriteTokensColumn) ?? 0,
                CostUsd = ReadDecimal(row, CostColumn) ?? 0,
            },
            Title = row.GetString(TitleColumn),
            Tags = row.Keys.Where(IsTagColumn).Select(ReadTag).Order(StringComparer.Ordinal).ToArray(),
            Ttl = row.GetDouble(TtlColumn) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            BudgetUsd = ReadDecimal(row, BudgetColumn),
            DeletingSince = row.GetDateTimeOffset(DeletingSinceColumn),
        };
        return new Versioned<SessionRecord>(record, row.ETag.ToString());
    }

    private static void WriteIfAny(TableEntity row, string column, object? value)
    {
        if (value is not null)
        {
            row[column] = value;
        }
    }

    private static decimal? ReadDecimal(TableEntity row, string column) =>
        row.GetString(column) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string TagColumn(string tag) => TagColumnPrefix + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(tag));

    private static bool IsTagColumn(string column) => column.StartsWith(TagColumnPrefix, StringComparison.Ordinal);

    private static string ReadTag(string column) => Encoding.UTF8.GetString(Convert.FromHexString(column.AsSpan(TagColumnPrefix.Length)));

    private static InvalidDataException Missing(TableEntity row, string column) =>
        new($"The session '{row.RowKey}' has no {column}.");
}
