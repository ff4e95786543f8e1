using System.Net;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Http;

public sealed class KeyTests(ConformanceHost host) : HttpTest(host)
{
    private const string Header = "x-functions-key";

    [Conformance(Sources.HttpTrigger + "#http-auth", "An anonymous function needs no key; a wrong one does no harm.")]
    public async Task Anonymous_WithAndWithoutAKey_IsOpen()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("api/routes/any")).Status);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/routes/any", "wrong"));
    }

    [Conformance(Sources.AccessKeys, "A function of level Function refuses a caller without a key with 401.")]
    public async Task Function_WithoutAKey_Is401() => Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("api/guarded/function")).Status);

    [Conformance(Sources.AccessKeys + "#authorize-with-access-keys", "A wrong key is 401 too.")]
    public async Task Function_WithAWrongKey_Is401() => Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("api/guarded/function", "wrong"));

    [Conformance(Sources.AccessKeys + "#understand-keys", "A host key opens every function of level Function, by header.")]
    public async Task Function_WithTheHostKey_IsOpen()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/function", Host.Keys.Host));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/other", Host.Keys.Host));
    }

    [Conformance(Sources.HttpTrigger + "#api-key-authorization", "A key may be the query parameter code instead.")]
    public async Task Function_WithTheKeyInTheQuery_IsOpen() =>
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"api/guarded/function?code={Host.Keys.Host}")).Status);

    [Conformance(Sources.AccessKeys + "#understand-keys", "A function key opens its own function only.")]
    public async Task Function_WithItsOwnKey_IsOpenAndNoOther()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/function", Host.Keys.Function));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("api/guarded/other", Host.Keys.Function));
    }

    [Conformance(Sources.HttpTrigger + "#http-auth", "A function of level Admin needs the master key.")]
    public async Task Admin_NeedsTheMasterKey()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/admin", Host.Keys.Master));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync("api/guarded/admin", Host.Keys.Host));
    }

    [Conformance(Sources.AccessKeys + "#master-key", "The master key opens functions of level Function.")]
    public async Task Function_WithTheMasterKey_IsOpen() => Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/function", Host.Keys.Master));

    [Conformance(Sources.HttpTrigger + "#attributes", "The level that is not named is Function.")]
    public async Task Level_NotGiven_IsFunction()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("api/guarded/default")).Status);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("api/guarded/default", Host.Keys.Host));
    }

    private async Task<HttpStatusCode> StatusOfAsync(string path, string key) => (await SendAsync(HttpMethod.Get, path, null, (Header, key))).Status;
}
