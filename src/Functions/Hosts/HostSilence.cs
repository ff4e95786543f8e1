using System.Text.Json;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>Tells a host that does not answer as it should from a caller who no longer wants to know.</summary>
internal static class HostSilence
{
    /// <summary>Whether a call to a host ended without its answer: no connection, a broken one, something else than an answer, or the time was up.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or JsonException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
