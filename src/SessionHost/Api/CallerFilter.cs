using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Lets only callers in who show what the host asks for.</summary>
internal sealed class CallerFilter(CallerGate gate) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Request.Headers;
        return await gate.AdmitsAsync(headers[BrokerHeaders.HostKey], headers.Authorization)
            ? await next(context)
            : new ProblemResult(ProblemCatalogue.Unauthorized());
    }
}
