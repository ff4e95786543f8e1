using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Turns;

/// <summary>The columns of a turn's row.</summary>
/// <remarks>Rows are updated by merge, so the prompt is written once; an absent JSON value is written as an empty string.</remarks>
internal static class TurnRow
{
    private const string SessionColumn = "SessionId";
    private const string TurnColumn = "TurnId";
    private const string StatusColumn = "Status";
    private const string RequestHashColumn = "RequestHash";
    private const string ProfileColumn = "Profile";
    private const string ReplyToColumn = "ReplyTo";
    private const string MetadataColumn = "Metadata";
    private const string AttachmentSetColumn = "AttachmentSet";
    private const string OnBusyColumn = "OnBusy";
    private const string ExpiresAtColumn = "ExpiresAt";
    private const string TraceParentColumn = "TraceParent";
    private const string OpenBeforeColumn = "OpenBefore";
    private const string ToolsUsedColumn = "ToolsUsed";
    private const string CommandColumn = "Command";
    private const string OneOffColumn = "OneOff";
    private const string OriginColumn = "Origin";
    private const string BegunByColumn = "BegunBy";
    private const string AfterColumn = "After";
    private const string JoinedAtColumn = "JoinedAt";
    private const string EpochColumn = "Epoch";
    private const string AttemptsColumn = "Attempts";
    private const string TimingsColumn = "Timings";
    private const string ReplyColumn = "Reply";
    private const string ReplyTextColumn = "ReplyText";
    private const string ReplyRowsColumn = "ReplyRows";
    private const string ProblemColumn = "Problem";
    private const string FollowedUntilColumn = "FollowedUntil";
    private const string PublishedColumn = "Published";
    private const string PromptColumn = "Prompt";
    private const string PromptRowsColumn = "PromptRows";

    private static readonly ContractsJsonContext s_json = ContractsJsonContext.Default;

    // Ids are data of a row, not of a web page; escaped they would be six times as long, and a row has no room for that.
    private static readonly JsonSerializerOptions s_short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TableEntity Write(TurnRecord record, int replyRows)
    {
        var reply = record.Reply;
        var row = new TableEntity(StorageKeys.TurnPartition(record.SessionId), StorageKeys.TurnRow(record.TurnId))
        {
            [SessionColumn] = record.SessionId.Value,
            [TurnColumn] = record.TurnId.Value,
            [StatusColumn] = record.Status.ToString(),
            [RequestHashColumn] = record.RequestHash,
            [ProfileColumn] = record.Profile ?? string.Empty,
            [ReplyToColumn] = record.ReplyTo ?? string.Empty,
            [MetadataColumn] = record.Metadata?.GetRawText() ?? string.Empty,
            [EpochColumn] = record.Epoch,
            [AttemptsColumn] = JsonSerializer.Serialize(record.Attempts, s_json.IReadOnlyListTurnAttempt),
            [TimingsColumn] = JsonSerializer.Serialize(record.Timings, s_json.TurnTimings),
            [ReplyColumn] = reply is null ? string.Empty : JsonSerializer.Serialize(reply with { Text = string.Empty }, s_json.Reply),
            [ReplyTextColumn] = replyRows == 0 ? reply?.Text ?? string.Empty : string.Empty,
            [ReplyRowsColumn] = replyRows,
            [ProblemColumn] = record.Problem is null ? string.Empty : JsonSerializer.Serialize(record.Problem, s_json.Problem),
            [PublishedColumn] = record.Published,
        };
        if (record.AttachmentSetId is { } setId)
        {
            row[AttachmentSetColumn] = setId;
        }

        if (record.OnBusy != OnBusy.Queue)
        {
            row[OnBusyColumn] = record.OnBusy.ToString();
        }

        if (record.ExpiresAt is { } expiresAt)
        {
            row[ExpiresAtColumn] = expiresAt;
        }

        if (record.TraceParent is { } trace)
        {
            row[TraceParentColumn] = trace;
        }

        if (record.OpenBefore.Count > 0)
        {
            row[OpenBeforeColumn] = JsonSerializer.Serialize(record.OpenBefore, s_short);
        }

        if (record.ToolsUsed)
        {
            row[ToolsUsedColumn] = true;
        }

        if (record.Command is { } command)
        {
            row[CommandColumn] = command.ToString();
        }

        if (record.OneOff)
        {
            row[OneOffColumn] = true;
        }

        if (record.Origin is { } origin)
        {
            row[OriginColumn] = origin.ToString();
            row[BegunByColumn] = record.BegunBy?.Value;
            row[AfterColumn] = record.After?.Value;
        }

        if (record.JoinedAt is { } joinedAt)
        {
            row[JoinedAtColumn] = joinedAt;
        }

        if (record.FollowedUntil is { } followed)
        {
            row[FollowedUntilColumn] = followed;
        }

        SchemaVersions.Write(row);
        return row;
    }

    public static void WritePrompt(TableEntity row, string prompt, int promptRows)
    {
        row[PromptColumn] = promptRows == 0 ? prompt : string.Empty;
        row[PromptRowsColumn] = promptRows;
    }

    /// <returns>The prompt, or null when it is in rows of its own.</returns>
    public static string? ReadInlinePrompt(TableEntity row) =>
        row.GetInt32(PromptRowsColumn) > 0 ? null : row.GetString(PromptColumn) ?? string.Empty;

    public static TurnStatus ReadStatus(TableEntity row) => Enum.Parse<TurnStatus>(row.GetString(StatusColumn));

    public static bool HasReplyRows(TableEntity row) => row.GetInt32(ReplyRowsColumn) > 0;

    /// <param name="longReplyText">The reply's text where it is in rows of its own.</param>
    public static Versioned<TurnRecord> Read(TableEntity row, string? longReplyText)
    {
        SchemaVersions.Check(row);
        var record = new TurnRecord
        {
            SessionId = SessionId.Parse(row.GetString(SessionColumn)),
            TurnId = TurnId.Parse(row.GetString(TurnColumn)),
            Status = Enum.Parse<TurnStatus>(row.GetString(StatusColumn)),
            RequestHash = row.GetString(RequestHashColumn),
            Profile = NullIfEmpty(row.GetString(ProfileColumn)),
            ReplyTo = NullIfEmpty(row.GetString(ReplyToColumn)),
            Metadata = ReadMetadata(row),
            AttachmentSetId = row.GetString(AttachmentSetColumn),
            OnBusy = row.GetString(OnBusyColumn) is { } onBusy ? Enum.Parse<OnBusy>(onBusy) : OnBusy.Queue,
            ExpiresAt = row.GetDateTimeOffset(ExpiresAtColumn),
            TraceParent = row.GetString(TraceParentColumn),
            OpenBefore = row.GetString(OpenBeforeColumn) is { } open ? JsonSerializer.Deserialize<IReadOnlyList<TurnTicket>>(open) ?? [] : [],
            ToolsUsed = row.GetBoolean(ToolsUsedColumn) ?? false,
            Command = row.GetString(CommandColumn) is { } command ? Enum.Parse<ConversationCommand>(command) : null,
            OneOff = row.GetBoolean(OneOffColumn) ?? false,
            Origin = row.GetString(OriginColumn) is { } origin ? Enum.Parse<TurnOrigin>(origin) : null,
            BegunBy = ReadTurnId(row, BegunByColumn),
            After = ReadTurnId(row, AfterColumn),
            JoinedAt = row.GetDateTimeOffset(JoinedAtColumn),
            Epoch = row.GetInt64(EpochColumn) ?? 0,
            Attempts = ReadJson(row, AttemptsColumn, s_json.IReadOnlyListTurnAttempt) ?? [],
            Timings = ReadJson(row, TimingsColumn, s_json.TurnTimings)
                ?? throw new InvalidDataException($"The turn '{row.PartitionKey}/{row.RowKey}' has no timings."),
            Reply = ReadReply(row, longReplyText),
            Problem = ReadJson(row, ProblemColumn, s_json.Problem),
            FollowedUntil = row.GetDateTimeOffset(FollowedUntilColumn),
            Published = row.GetBoolean(PublishedColumn) ?? false,
        };
        return new Versioned<TurnRecord>(record, row.ETag.ToString());
    }

    private static TurnId? ReadTurnId(TableEntity row, string column) => row.GetString(column) is { } id ? TurnId.Parse(id) : null;

    private static Reply? ReadReply(TableEntity row, string? longReplyText)
    {
        var reply = ReadJson(row, ReplyColumn, s_json.Reply);
        return reply is null ? null : reply with { Text = longReplyText ?? row.GetString(ReplyTextColumn) ?? string.Empty };
    }

    private static JsonElement? ReadMetadata(TableEntity row)
    {
        var text = NullIfEmpty(row.GetString(MetadataColumn));
        return text is null ? null : JsonElement.Parse(text);
    }

    private static T? ReadJson<T>(TableEntity row, string column, JsonTypeInfo<T> type)
        where T : class =>
        NullIfEmpty(row.GetString(column)) is { } text ? JsonSerializer.Deserialize(text, type) : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
