using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Lets only callers in who show the host's key.</summary>
internal sealed class HostKeyFilter(SharedKey key) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        key.Matches(context.HttpContext.Request.Headers[BrokerHeaders.HostKey].ToString())
            ? next(context)
            : ValueTask.FromResult<object?>(new ProblemResult(ProblemCatalogue.Unauthorized()));
}
