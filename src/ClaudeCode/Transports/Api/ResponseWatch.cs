namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>Keeps of a call's response what the SDK does not hand on.</summary>
/// <remarks>One for each call. The handler below it is shared, and not disposed with it.</remarks>
internal sealed class ResponseWatch(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>When it makes sense to ask again, in seconds.</summary>
    public int? RetryAfterSeconds { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        RetryAfterSeconds = RetryAfter.Read(response.Headers, time.GetUtcNow());
        return response;
    }
}
