using Azure.Core;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>A credential whose token is always the same, which remembers for what it was asked.</summary>
internal sealed class FixedToken : TokenCredential
{
    public string[] Scopes { get; private set; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes = requestContext.Scopes;
        return new AccessToken("the-token", DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
