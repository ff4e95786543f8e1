using System.Buffers.Text;
using System.Text.Json;
using Azure.Core;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>A token with the claims of Azure AD's and a signature of nobody's, which remembers for what it was asked.</summary>
internal sealed class SignedOutToken : TokenCredential
{
    private readonly List<string> _scopes = [];
    private readonly DateTimeOffset _expires = TimeProvider.System.GetUtcNow().AddHours(1);

    public SignedOutToken(string audience = "https://storage.azure.com", TimeSpan? validity = null, string issuer = "https://sts.windows.net/tenant/")
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new
        {
            aud = audience,
            iss = issuer,
            iat = now.AddHours(-2).ToUnixTimeSeconds(),
            nbf = now.AddHours(-2).ToUnixTimeSeconds(),
            exp = now.Add(validity ?? TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
        };
        Text = $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Part("nobody")}";
    }

    public string Text { get; }

    public IReadOnlyList<string> Scopes => _scopes;

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        _scopes.AddRange(requestContext.Scopes);
        return new AccessToken(Text, _expires);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
