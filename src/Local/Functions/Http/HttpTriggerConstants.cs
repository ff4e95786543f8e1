namespace FunctionsBroker.Local.Functions.Http;

internal static class HttpTriggerConstants
{
    /// <summary>Where an invocation's items hold the request's context; the published package's own key.</summary>
    public const string HttpContextKey = "HttpRequestContext";
}
