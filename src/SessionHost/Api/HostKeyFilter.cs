using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Lets only callers in who show the host's key.</summary>
internal sealed class HostKeyFilter(string hostKey) : IEndpointFilter
{
    private readonly byte[] _expected = Hash(hostKey);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Hashes have one length, so the time that the comparison takes says nothing about the key.
        var shown = Hash(context.HttpContext.Request.Headers[BrokerHeaders.HostKey].ToString());
        return CryptographicOperations.FixedTimeEquals(shown, _expected)
            ? next(context)
            : ValueTask.FromResult<object?>(new ProblemResult(ProblemCatalogue.Unauthorized()));
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
