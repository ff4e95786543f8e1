#nullable disable annotations // As the published package's: its members are oblivious.

using System.Globalization;
using FunctionsBroker.Local.Storage.Http;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused by the service; none of its actions was done.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException.Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
        foreach (var key in requestFailedException.Data.Keys)
        {
            Data[key] = requestFailedException.Data[key];
        }

        if (Data[TableErrorParser.FailedIndexKey] is string text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>Which of the submitted actions made the transaction fail, if the service says.</summary>
    public int? FailedTransactionActionIndex { get; }
}
