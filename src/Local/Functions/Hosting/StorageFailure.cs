using Azure;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Tells a storage service that refuses or cannot be reached from a fault of our own.</summary>
internal static class StorageFailure
{
    /// <summary>Whether an exception is what the storage clients throw: at once, after their retries, or when a request timed out.</summary>
    public static bool Is(Exception exception) =>
        exception is RequestFailedException or AggregateException or HttpRequestException or IOException or OperationCanceledException;
}
