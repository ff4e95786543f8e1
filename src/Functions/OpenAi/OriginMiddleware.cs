using FunctionsBroker.Functions.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Lets web pages of other origins call <c>/v1</c>, where setting <c>Broker:OpenAiOrigins</c> names them (WHATWG Fetch, "CORS protocol").</summary>
/// <remarks>
/// These calls know no cookies, so none are allowed for. Where the platform's own CORS setting is used, preflights are answered by the
/// platform and do not get here.
/// </remarks>
internal sealed class OriginMiddleware(IOptions<BrokerOptions> options) : IFunctionsWorkerMiddleware
{
    private const string Any = "*";
    private const string Told = "x-session-id, x-turn-id, x-request-id, x-should-retry, retry-after";

    private readonly HashSet<string> _origins = [.. options.Value.OpenAiOrigins];

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (_origins.Count > 0 && context.GetHttpContext() is { } http && OpenAiFunction.IsFor(http.Request))
        {
            Allow(http.Request, http.Response.Headers);
        }

        return next(context);
    }

    private void Allow(HttpRequest request, IHeaderDictionary answer)
    {
        answer.Vary = "Origin";
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(_origins.Contains(Any) || _origins.Contains(origin)))
        {
            return;
        }

        answer.AccessControlAllowOrigin = origin;
        answer.AccessControlExposeHeaders = Told;
        if (HttpMethods.IsOptions(request.Method))
        {
            // The published clients send a dozen headers of their own, and more with every version.
            answer.AccessControlAllowMethods = "GET, POST";
            answer.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
            answer.AccessControlMaxAge = "3600";
        }
    }
}
