using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>The host's own calls, and the triggers that are not HTTP; what those promise is in tests/Platform.Tests.</summary>
public sealed class OtherTriggerTests(HostFixture fixture) : HostTest(fixture)
{
    [Fact(Timeout = Patience)]
    public async Task HomePage_IsShown()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact(Timeout = Patience)]
    public async Task Ping_NeedsNoKey_AndFunctionsAreListedForTheMaster()
    {
        using var ping = await SendAsync(HttpMethod.Get, "/admin/host/ping");
        using var list = await SendAsync(HttpMethod.Get, "/admin/functions", Fixture.Key("masterKey"));

        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        var functions = JsonNode.Parse(await list.Content.ReadAsStringAsync(Cancellation))!.AsArray();
        Assert.Contains(functions, function => (string?)function!["name"] == "Tick");
    }

    [Fact(Timeout = Patience)]
    public async Task Timer_FiresAtItsTimes_AndWhenItIsTold()
    {
        await Eventually.BecomesTrueAsync(async () => int.Parse(await GetTextAsync("/api/ticks"), provider: null) >= 2, Cancellation);
        using var unknown = await SendAsync(HttpMethod.Post, "/admin/functions/nothing", Fixture.Key("masterKey"), Json("{}"));
        using var told = await SendAsync(HttpMethod.Post, "/admin/functions/yearly", Fixture.Key("masterKey"), Json("""{"input":""}"""));

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, told.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task Durable_HasItsOwnHttpCalls()
    {
        var key = Fixture.Key("systemKeys");

        using var unknown = await SendAsync(HttpMethod.Get, $"/runtime/webhooks/durabletask/instances/none?code={key}");
        using var list = await SendAsync(HttpMethod.Get, $"/runtime/webhooks/durabletask/instances?code={key}");

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.IsType<JsonArray>(JsonNode.Parse(await list.Content.ReadAsStringAsync(Cancellation)));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
