using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsBroker.Access;

/// <summary>Lets in who carries a token of Entra ID for this program and is one of those named.</summary>
/// <remarks>
/// Tokens of either version count: an app registration gives out version 1 (issuer <c>sts.windows.net</c>, audience the application
/// id URI) unless it asks for version 2 (audience the client id). https://learn.microsoft.com/entra/identity-platform/access-tokens
/// </remarks>
internal sealed partial class IdentityGate
{
    private const string ObjectIdClaim = "oid";
    private const string UriPrefix = "api://";

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;
    private readonly HashSet<Guid> _callers;
    private readonly ILogger _logger;

    /// <remarks>The tenant's signing keys are fetched once and kept for hours; a token that is signed with another one has them fetched again.</remarks>
    public IdentityGate(IdentityOptions options, ILogger logger)
    {
        var tenant = options.TenantId?.ToString("D") ?? throw new ArgumentException("A tenant is needed.", nameof(options));
        var audience = options.Audience ?? throw new ArgumentException("An audience is needed.", nameof(options));
        var metadata = new Uri(options.Instance, $"{tenant}/v2.0/.well-known/openid-configuration");
        _logger = logger;
        _callers = [.. options.Callers];
        _parameters = new TokenValidationParameters
        {
            ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                metadata.AbsoluteUri,
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever { RequireHttps = !options.Instance.IsLoopback }),
            ValidIssuers = [new Uri(options.Instance, $"{tenant}/v2.0").AbsoluteUri, $"https://sts.windows.net/{tenant}/"],
            ValidAudiences = audience.StartsWith(UriPrefix, StringComparison.Ordinal) ? [audience, audience[UriPrefix.Length..]] : [audience],
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromMinutes(2),
        };
    }

    /// <param name="authorization">The header of that name.</param>
    public async Task<bool> AdmitsAsync(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            || string.IsNullOrEmpty(header.Parameter))
        {
            return false;
        }

        var result = await _tokens.ValidateTokenAsync(header.Parameter, _parameters);
        if (!result.IsValid)
        {
            LogRefused(result.Exception?.GetType().Name, FirstLine(result.Exception?.Message));
            return false;
        }

        var caller = result.Claims.TryGetValue(ObjectIdClaim, out var claim) ? Convert.ToString(claim, CultureInfo.InvariantCulture) : null;
        if (!Guid.TryParse(caller, out var id) || !_callers.Contains(id))
        {
            LogStranger(caller);
            return false;
        }

        return true;
    }

    // What is wrong stands in the first line, the whole token may stand in those after it.
    private static string? FirstLine(string? message) => message?.Split('\n', 2)[0];

    [LoggerMessage(EventIds.TokenRefused, LogLevel.Warning, "A caller's token does not count: {Reason} ({Detail})")]
    private partial void LogRefused(string? reason, string? detail);

    [LoggerMessage(EventIds.StrangeIdentity, LogLevel.Warning, "The identity {ObjectId} is none of those that may call")]
    private partial void LogStranger(string? objectId);
}
