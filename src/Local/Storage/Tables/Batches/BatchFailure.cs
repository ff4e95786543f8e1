using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Storage.Http;

namespace FunctionsBroker.Local.Storage.Tables.Batches;

/// <summary>Makes the failure of a transaction that is not sent, since the service would refuse it.</summary>
internal static class BatchFailure
{
    public static TableTransactionFailedException At(int index, string message, string? code)
    {
        var failure = new RequestFailedException(
            400, string.Create(CultureInfo.InvariantCulture, $"{index}:{message}"), code, innerException: null);
        failure.Data[TableErrorParser.FailedIndexKey] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(failure);
    }
}
