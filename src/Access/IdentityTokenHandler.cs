using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;

namespace FunctionsBroker.Access;

/// <summary>Has every request carry a token of this program's identity.</summary>
/// <remarks>The credential keeps a token until shortly before its end.</remarks>
public sealed class IdentityTokenHandler : DelegatingHandler
{
    private readonly TokenCredential _credential;
    private readonly TokenRequestContext _context;

    /// <param name="options">With an audience.</param>
    public IdentityTokenHandler(IdentityOptions options)
        : this(options, CredentialOf(options))
    {
    }

    internal IdentityTokenHandler(IdentityOptions options, TokenCredential credential)
    {
        _credential = credential;
        _context = new TokenRequestContext([$"{options.Audience}/.default"]);
    }

    /// <exception cref="HttpRequestException">There is no token, or the request failed.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ReadTokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string> ReadTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _credential.GetTokenAsync(_context, cancellationToken)).Token;
        }
        catch (AuthenticationFailedException exception)
        {
            // Who is called cannot be reached without one.
            throw new HttpRequestException($"There is no token for {_context.Scopes[0]}: {exception.Message}", exception);
        }
    }

    private static TokenCredential CredentialOf(IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return options.ClientId is { } client
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new DefaultAzureCredential();
    }
}
