using Azure;

namespace FunctionsBroker.Storage;

/// <summary>Tells failures of the storage account from those of the program.</summary>
public static class StorageFaults
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;

    /// <summary>Whether a call failed because the storage is away or too busy, so that the same call may succeed later.</summary>
    /// <remarks>The SDK throws one exception for all its own tries where none of them was answered.</remarks>
    public static bool MayPass(Exception exception) =>
        exception switch
        {
            RequestFailedException { Status: 0 or RequestTimeout or TooManyRequests or >= 500 } => true,
            AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(MayPass),
            HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException } => true,
            _ => false,
        };
}
