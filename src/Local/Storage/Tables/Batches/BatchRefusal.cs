using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Storage.Http;

namespace FunctionsBroker.Local.Storage.Tables.Batches;

/// <summary>Refuses a batch before it is sent, in the service's words.</summary>
internal static class BatchRefusal
{
    /// <param name="index">The action that is refused.</param>
    public static TableTransactionFailedException At(int index, string message, string? code)
    {
        var failure = new RequestFailedException(400, $"{index}:{message}", code, innerException: null);
        failure.Data[TableErrorParser.FailedIndexKey] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(failure);
    }
}
