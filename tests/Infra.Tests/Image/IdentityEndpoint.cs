using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>Gives out tokens as the endpoint does that Container Apps has in every container; nobody has signed them.</summary>
/// <remarks>https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference</remarks>
internal sealed class IdentityEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IdentityEndpoint(WebApplication app) => _app = app;

    public static string Header => "header-of-the-identity-endpoint";

    public string Url => _app.Urls.First() + "/msi/token";

    /// <summary>The client ids that asked.</summary>
    public ConcurrentQueue<string> Clients { get; } = new();

    public static async Task<IdentityEndpoint> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new IdentityEndpoint(builder.Build());
        endpoint._app.MapGet("/msi/token", endpoint.Answer);
        await endpoint._app.StartAsync(cancellationToken);
        return endpoint;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(HttpRequest request)
    {
        if (request.Headers["X-IDENTITY-HEADER"] != Header)
        {
            return Results.Unauthorized();
        }

        Clients.Enqueue(request.Query["client_id"].ToString());
        var now = TimeProvider.System.GetUtcNow();
        var claims = new
        {
            aud = "https://storage.azure.com",
            iss = "https://sts.windows.net/tenant/",
            nbf = now.AddMinutes(-5).ToUnixTimeSeconds(),
            iat = now.AddMinutes(-5).ToUnixTimeSeconds(),
            exp = now.AddHours(2).ToUnixTimeSeconds(),
        };
        return Results.Json(new
        {
            access_token = $"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Part("nobody")}",
            expires_on = claims.exp.ToString(System.Globalization.CultureInfo.InvariantCulture),
            resource = request.Query["resource"].ToString(),
            token_type = "Bearer",
        });
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
