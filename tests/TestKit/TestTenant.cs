using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsBroker.TestKit;

/// <summary>A tenant of Entra ID as those see it who check its tokens: its metadata and signing keys over HTTP, and the tokens that it gives out.</summary>
public sealed class TestTenant : IAsyncDisposable
{
    public const string Audience = "api://broker";

    private readonly WebApplication _app;
    private RsaSecurityKey _key = NewKey();

    private TestTenant(WebApplication app)
    {
        _app = app;
        app.MapGet($"/{Id}/v2.0/.well-known/openid-configuration", () => Results.Text(
            $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Instance}}{{Id}}/keys"}""",
            "application/json"));
        app.MapGet("/msi/token", AnswerIdentity);
        app.MapGet($"/{Id}/keys", () =>
        {
            KeysAsked++;
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(_key);
            return Results.Text($$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{key.Kid}}","n":"{{key.N}}","e":"{{key.E}}"}]}""", "application/json");
        });
    }

    public Guid Id { get; } = Guid.NewGuid();

    public Uri Instance => new(_app.Urls.Single() + "/");

    public string Issuer => $"{Instance}{Id}/v2.0";

    /// <summary>What a machine's environment says of where its managed identities get their tokens.</summary>
    /// <remarks>https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference</remarks>
    public IReadOnlyDictionary<string, string> IdentityVariables => new Dictionary<string, string>
    {
        ["IDENTITY_ENDPOINT"] = $"{Instance}msi/token",
        ["IDENTITY_HEADER"] = Id.ToString(),
    };

    /// <summary>How often somebody fetched the keys.</summary>
    public int KeysAsked { get; private set; }

    public static async Task<TestTenant> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var tenant = new TestTenant(builder.Build());
        await tenant._app.StartAsync(cancellationToken);
        return tenant;
    }

    /// <summary>Signs with another key from now on, and no longer shows the old one.</summary>
    public void ChangeKey() => _key = NewKey();

    /// <summary>A token as a managed identity gets it.</summary>
    public string Issue(Guid caller, string audience = Audience, string? issuer = null, TimeSpan? age = null, bool isSigned = true, SecurityKey? key = null)
    {
        var issuedAt = TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            IssuedAt = issuedAt,
            NotBefore = issuedAt,
            Expires = issuedAt + TimeSpan.FromHours(1),
            Claims = new Dictionary<string, object> { ["oid"] = caller.ToString(), ["tid"] = Id.ToString() },
            SigningCredentials = isSigned ? new SigningCredentials(key ?? _key, SecurityAlgorithms.RsaSha256) : null,
        });
    }

    /// <summary>A key that is none of the tenant's.</summary>
    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // A managed identity's client id stands for its object id too.
    private IResult AnswerIdentity(HttpRequest request) =>
        request.Headers["X-IDENTITY-HEADER"] == Id.ToString()
            ? Results.Json(new
            {
                access_token = Issue(Guid.Parse(request.Query["client_id"].ToString()), request.Query["resource"].ToString()),
                expires_on = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                token_type = "Bearer",
            })
            : Results.Unauthorized();
}
