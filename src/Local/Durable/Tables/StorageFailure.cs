using Azure;

namespace FunctionsBroker.Local.Durable.Tables;

/// <summary>What a failed request to Table storage means for the engine.</summary>
internal static class StorageFailure
{
    /// <summary>Somebody else has written the row: the condition that was set does not hold.</summary>
    public static bool IsConflict(RequestFailedException exception) => exception.Status is 404 or 409 or 412;

    /// <summary>Worth trying again: the service is away or busy, or the connection broke.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AggregateException many => many.InnerExceptions.All(IsTransient),
        HttpRequestException or IOException or TimeoutException => true,

        // The pipeline's own network timeout; a caller's token is looked at where it is known.
        OperationCanceledException => true,
        _ => false,
    };
}
