using System.Net;
using Azure.Core;
using Azure.Identity;

namespace FunctionsBroker.Access.Tests;

public sealed class IdentityTokenHandlerTests
{
    private static readonly IdentityOptions s_options = new() { TenantId = Guid.NewGuid(), Audience = "api://broker" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_CarriesATokenForTheAudience()
    {
        var seen = new Seen();
        using var handler = new IdentityTokenHandler(s_options, new Credential(scope => "token for " + scope)) { InnerHandler = seen };
        using var http = new HttpClient(handler);

        using var response = await http.GetAsync(new Uri("http://host.test/"), Cancellation);

        Assert.Equal("Bearer token for api://broker/.default", seen.Authorization);
    }

    [Fact]
    public async Task NoToken_IsAHostThatCannotBeReached()
    {
        var seen = new Seen();
        using var handler = new IdentityTokenHandler(s_options, new Credential(_ => throw new CredentialUnavailableException("no identity here"))) { InnerHandler = seen };
        using var http = new HttpClient(handler);

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("http://host.test/"), Cancellation));

        Assert.Contains("no identity here", exception.Message, StringComparison.Ordinal);
        Assert.Null(seen.Authorization);
    }

    private sealed class Credential(Func<string, string> issue) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(issue(requestContext.Scopes.Single()), DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class Seen : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        }
    }
}
