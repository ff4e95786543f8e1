using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Turns;

/// <summary>The row that names the newest turn of a session.</summary>
internal static class TurnHeadRow
{
    private const string TurnColumn = "TurnId";

    /// <summary>The action that makes a turn the newest.</summary>
    /// <param name="after">Which one has to be it until then; null for none.</param>
    public static TableTransactionAction Write(TurnRecord record, TurnHead? after)
    {
        var row = new TableEntity(StorageKeys.TurnPartition(record.SessionId), StorageKeys.TurnHeadRow)
        {
            [TurnColumn] = record.TurnId.Value,
        };
        SchemaVersions.Write(row);
        return after is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(after.ETag));
    }

    public static TurnHead Read(TableEntity row)
    {
        SchemaVersions.Check(row);
        return new TurnHead(TurnId.Parse(row.GetString(TurnColumn)), row.ETag.ToString());
    }
}
