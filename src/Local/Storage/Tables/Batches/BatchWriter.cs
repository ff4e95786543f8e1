using System.Buffers;
using System.Diagnostics;
using System.Text;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Storage.Tables.Entities;

namespace FunctionsBroker.Local.Storage.Tables.Batches;

/// <summary>
/// Writes a transaction as one multipart/mixed request: a batch that holds one change set that holds one HTTP request per
/// action. Source: https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
/// </summary>
internal sealed class BatchWriter
{
    private const int TypicalActionSize = 1024;

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly string _table;
    private readonly string _batch = $"batch_{Guid.NewGuid()}";
    private readonly string _changeset = $"changeset_{Guid.NewGuid()}";

    private BatchWriter(string table, int actions)
    {
        _table = table;
        _buffer = new ArrayBufferWriter<byte>(TypicalActionSize * (actions + 1));
    }

    /// <param name="table">The table's whole address, escaped.</param>
    /// <exception cref="TableTransactionFailedException">An entity is larger than the service allows.</exception>
    public static (string ContentType, ReadOnlyMemory<byte> Body) Write(string table, IReadOnlyCollection<TableTransactionAction> actions)
    {
        var writer = new BatchWriter(table, actions.Count);
        writer.Append($"--{writer._batch}\r\nContent-Type: multipart/mixed; boundary={writer._changeset}\r\n\r\n");
        foreach (var (index, action) in actions.Index())
        {
            try
            {
                writer.Append(action);
            }
            catch (RequestFailedException refusal)
            {
                throw BatchRefusal.At(index, refusal.Message, refusal.ErrorCode);
            }
        }

        writer.Append($"--{writer._changeset}--\r\n--{writer._batch}--\r\n");
        return ($"multipart/mixed; boundary={writer._batch}", writer._buffer.WrittenMemory);
    }

    private void Append(TableTransactionAction action)
    {
        Append($"--{_changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        Append($"{Method(action.ActionType)} {Address(action)} HTTP/1.1\r\n");
        Append($"DataServiceVersion: 3.0\r\nAccept: {TableService.MinimalMetadata}\r\n");
        if (IfMatch(action) is { } version)
        {
            Append($"If-Match: {version}\r\n");
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            Append("\r\n");
            return;
        }

        Append(action.ActionType == TableTransactionActionType.Add ? "Prefer: return-no-content\r\n" : "");
        Append($"Content-Type: {TableService.EntityContentType}\r\n\r\n");
        EntityWriter.Write(_buffer, action.Entity);
        Append("\r\n");
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    private string Address(TableTransactionAction action) => action.ActionType == TableTransactionActionType.Add
        ? _table
        : TableKey.EntityPath(_table, action.Entity.PartitionKey, action.Entity.RowKey);

    private static string Method(TableTransactionActionType type) => type switch
    {
        TableTransactionActionType.Add => "POST",
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH",
        TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT",
        TableTransactionActionType.Delete => "DELETE",
        _ => throw new UnreachableException(),
    };

    // An update without a version is sent as an upsert would be, as the published package does.
    private static string? IfMatch(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Delete => action.ETag == default ? ETag.All.ToString() : action.ETag.ToString(),
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace when action.ETag != default => action.ETag.ToString(),
        _ => null,
    };
}
