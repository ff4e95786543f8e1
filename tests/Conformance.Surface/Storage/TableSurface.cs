using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FunctionsBroker.Conformance.Surface.Storage;

/// <summary>What an app does with tables.</summary>
public static class TableSurface
{
    public static async Task<string> WriteAsync(TableServiceClient service, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var table = service.GetTableClient("Surface");
        Response<TableItem>? item = await table.CreateIfNotExistsAsync(cancellationToken);
        var entity = new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2L, ["C"] = "s", ["D"] = time, ["E"] = true, ["F"] = 1.5, ["G"] = new byte[] { 1 } };
        Response answer = await table.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken);
        try
        {
            await table.AddEntityAsync(entity, cancellationToken);
            await table.UpdateEntityAsync(entity, new ETag("W/\"x\""), TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 412 || exception.ErrorCode == "UpdateConditionNotSatisfied")
        {
            return exception.Message;
        }

        await table.DeleteEntityAsync("p", "r", ETag.All, cancellationToken);
        await table.DeleteEntityAsync(entity, cancellationToken: cancellationToken);
        return $"{item.Value.Name} {answer.Status}";
    }

    public static async Task<string> ReadAsync(TableClient table, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> maybe = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", select: ["A"], cancellationToken: cancellationToken);
        Response<Row> row = await table.GetEntityAsync<Row>("p", "r", cancellationToken: cancellationToken);
        if (!maybe.HasValue)
        {
            return $"{row.Value.Number}";
        }

        var entity = maybe.Value!;
        return $"{entity.GetInt32("A")} {entity.GetString("C")} {entity.GetInt64("B")} {entity.GetDateTimeOffset("D")} {entity.GetBoolean("E")} "
            + $"{entity.GetDouble("F")} {entity.GetBinary("G")} {entity.ETag} {entity.Timestamp} {entity.ContainsKey("A")} {entity.TryGetValue("A", out _)}";
    }

    public static async Task<int> QueryAsync(TableClient table, CancellationToken cancellationToken)
    {
        var total = 0;
        AsyncPageable<TableEntity> query = table.QueryAsync<TableEntity>(
            filter: TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and A gt {1}"),
            maxPerPage: 100,
            select: ["PartitionKey", "RowKey"],
            cancellationToken: cancellationToken);
        await foreach (var entity in query)
        {
            total += entity.RowKey.Length;
        }

        var pages = table.QueryAsync<Row>(row => row.PartitionKey == "p" && row.Number > 3, cancellationToken: cancellationToken)
            .AsPages(continuationToken: null, pageSizeHint: 50);
        await foreach (Page<Row> page in pages)
        {
            total += page.Values.Count + (page.ContinuationToken?.Length ?? 0);
        }

        return total;
    }

    public static async Task<int?> TransactAsync(TableClient table, TableEntity entity, CancellationToken cancellationToken)
    {
        try
        {
            Response<IReadOnlyList<Response>> answers = await table.SubmitTransactionAsync(
                [
                    new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity),
                    new TableTransactionAction(TableTransactionActionType.UpdateMerge, entity, ETag.All),
                    new TableTransactionAction(TableTransactionActionType.Delete, entity),
                ],
                cancellationToken);
            return answers.Value.Count;
        }
        catch (TableTransactionFailedException exception)
        {
            return exception.FailedTransactionActionIndex;
        }
    }
}
