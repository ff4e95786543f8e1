using Azure;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>The error code that the storage services also send as a header, for answers whose body does not hold it.</summary>
internal static class HeaderError
{
    public static ResponseError? Read(Response response) =>
        response.Headers.TryGetValue("x-ms-error-code", out var code) ? new ResponseError(code, response.ReasonPhrase) : null;
}
