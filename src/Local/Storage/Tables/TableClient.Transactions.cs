#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using Azure.Data.Tables.Models;
using FunctionsBroker.Local.Storage.Tables;
using FunctionsBroker.Local.Storage.Tables.Batches;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Does all actions or none: at most 100, all in one partition, no entity twice, 4 MiB together.</summary>
    /// <returns>The answers in the order of the actions.</returns>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    /// <exception cref="TableTransactionFailedException">An action failed, and so none was done.</exception>
    /// <exception cref="RequestFailedException">The service refused the whole request.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        TableTransactionAction[] actions = [.. transactionActions];
        if (actions.Length == 0)
        {
            throw new InvalidOperationException("Cannot submit an empty batch.");
        }

        RefuseSecondPartition(actions);
        using var message = _service.CreateMessage(RequestMethod.Post, "/$batch");
        var (contentType, body) = BatchWriter.Write(_service.Endpoint.Base + _path, actions);
        message.Request.Headers.Add("Content-Type", contentType);
        message.Request.Content = RequestContent.Create(body);
        var response = await _service.SendAsync(message, cancellationToken);
        if (response.Status != 202)
        {
            throw TableService.Failure(response);
        }

        var answers = BatchReader.Read(response);
        return answers is [{ Status: >= 400 } failure]
            ? throw new TableTransactionFailedException(TableService.Failure(failure))
            : Response.FromValue(answers, response);
    }

    // The service refuses such a batch but the emulator does it; a program that is wrong must not learn it in Azure.
    private static void RefuseSecondPartition(TableTransactionAction[] actions)
    {
        var partition = actions[0].Entity.PartitionKey;
        var index = Array.FindIndex(actions, action => action.Entity.PartitionKey != partition);
        if (index > 0)
        {
            throw BatchRefusal.At(
                index, "All commands in a batch must operate on same entity group.", TableErrorCode.CommandsInBatchActOnDifferentPartitions.ToString());
        }
    }
}
