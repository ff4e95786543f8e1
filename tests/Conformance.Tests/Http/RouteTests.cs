using System.Net;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Http;

public sealed class RouteTests(ConformanceHost host) : HttpTest(host)
{
    [Conformance(Sources.HttpTrigger + "#attributes", "Without a route, a function is at its name below the route prefix.")]
    public async Task Route_NotGiven_IsTheName() => Assert.Equal((HttpStatusCode.OK, "/api/Unrouted"), await GetAsync("api/Unrouted"));

    [Conformance(Sources.HttpTrigger + "#customize-the-http-endpoint", "Routes are matched without regard to case.")]
    public async Task Route_InAnotherCase_IsTheSame() => Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, "api/UNROUTED"));

    [Conformance(Sources.HttpSettings + "#hostjson-settings", "Nothing is outside the route prefix.")]
    public async Task Route_WithoutThePrefix_Is404() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "Unrouted"));

    [Conformance(Sources.HttpTrigger + "#route-parameters", "A route parameter reaches the function's parameter of its name, in its type.")]
    public async Task RouteParameter_ThatFits_IsBound() => Assert.Equal((HttpStatusCode.OK, "42"), await GetAsync("api/routes/numbers/42"));

    [Conformance(Sources.RouteConstraints + "#route-constraints", "A value that breaks its constraint is no match, so 404.")]
    public async Task RouteParameter_ThatBreaksAConstraint_Is404()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/numbers/word"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/numbers/9"));
    }

    [Conformance(Sources.RouteConstraints + "#guid", "A guid in a route becomes a Guid.")]
    public async Task RouteParameter_OfAGuid_IsBound()
    {
        var id = Guid.NewGuid();

        Assert.Equal((HttpStatusCode.OK, $"\"{id}\""), await GetAsync($"api/routes/guids/{id:N}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/guids/none"));
    }

    [Conformance(Sources.RouteConstraints + "#multiple-constraints", "Several constraints must all hold.")]
    public async Task RouteParameter_WithTwoConstraints_NeedsBoth()
    {
        Assert.Equal((HttpStatusCode.OK, "\"four\""), await GetAsync("api/routes/words/four"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/words/toolong"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/words/f0ur"));
    }

    [Conformance(Sources.HttpTrigger + "#customize-the-http-endpoint", "An optional route parameter may be left out, and is null then.")]
    public async Task RouteParameter_Optional_MayBeLeftOut()
    {
        Assert.Equal((HttpStatusCode.OK, """{"category":"a","id":7}"""), await GetAsync("api/routes/optional/a/7"));
        Assert.Equal((HttpStatusCode.OK, """{"category":"a","id":null}"""), await GetAsync("api/routes/optional/a"));
    }

    [Conformance(Sources.RouteConstraints + "#default-values", "A route parameter that is left out has its default.")]
    public async Task RouteParameter_WithADefault_HasItWhenLeftOut()
    {
        Assert.Equal((HttpStatusCode.OK, "\"1\""), await GetAsync("api/routes/defaulted"));
        Assert.Equal((HttpStatusCode.OK, "\"9\""), await GetAsync("api/routes/defaulted/9"));
    }

    [Conformance(Sources.RouteConstraints + "#route-templates", "A catch-all parameter takes the rest of the path, slashes and all.")]
    public async Task RouteParameter_CatchAll_TakesTheRest() =>
        Assert.Equal((HttpStatusCode.OK, "\"a/b/c.txt\""), await GetAsync("api/routes/files/a/b/c.txt"));

    [Conformance(Sources.RouteConstraints + "#url-encoding", "What is escaped in a route value reaches the function unescaped.")]
    public async Task RouteParameter_Escaped_IsUnescaped() =>
        Assert.Equal((HttpStatusCode.OK, """{"category":"a b+c","id":null}"""), await GetAsync("api/routes/optional/a%20b+c"));

    [Conformance(Sources.HostRouting, "A method that the trigger does not name is 404, as if there were no such route.")]
    public async Task Method_NotNamed_Is404() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Delete, "api/routes/methods"));

    [Conformance(Sources.HttpTrigger + "#attributes", "A function answers each method that its trigger names.")]
    public async Task Method_OneOfTwo_IsAnswered()
    {
        Assert.Equal((HttpStatusCode.OK, "PUT"), await SendAsync(HttpMethod.Put, "api/routes/methods"));
        Assert.Equal((HttpStatusCode.OK, "POST"), await SendAsync(HttpMethod.Post, "api/routes/methods"));
    }

    [Conformance(Sources.HttpTrigger + "#configuration", "A trigger that names no methods takes all.")]
    public async Task Method_NoneNamed_AllAreAnswered()
    {
        Assert.Equal((HttpStatusCode.OK, "GET"), await GetAsync("api/routes/any"));
        Assert.Equal((HttpStatusCode.OK, "PATCH"), await SendAsync(HttpMethod.Patch, "api/routes/any"));
    }

    [Conformance(Sources.HostRouting + "#AddFunctionRoutes", "Two functions may share a route if their methods differ.")]
    public async Task Route_SharedByTwoFunctions_GoesByMethod()
    {
        Assert.Equal((HttpStatusCode.OK, "got"), await GetAsync("api/routes/same"));
        Assert.Equal((HttpStatusCode.OK, "deleted"), await SendAsync(HttpMethod.Delete, "api/routes/same"));
    }

    [Conformance(Sources.RouteConstraints + "#route-template-precedence", "A literal route goes before one with a parameter.")]
    public async Task Route_Literal_GoesFirst()
    {
        Assert.Equal((HttpStatusCode.OK, "literal"), await GetAsync("api/routes/order/literal"));
        Assert.Equal((HttpStatusCode.OK, "parameter other"), await GetAsync("api/routes/order/other"));
    }

    [Conformance(Sources.HttpTrigger + "#payload", "A value of the query reaches the function's parameter of its name.")]
    public async Task Query_Value_IsBoundByName()
    {
        Assert.Equal((HttpStatusCode.OK, """{"name":"n","count":3,"both":["1","2"]}"""), await GetAsync("api/routes/query?name=n&count=3&both=1&both=2"));
        Assert.Equal((HttpStatusCode.OK, """{"name":null,"count":null,"both":[]}"""), await GetAsync("api/routes/query"));
    }

    [Conformance(Sources.HttpTrigger, "A route that no function has is 404.")]
    public async Task Route_OfNoFunction_Is404() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/routes/none/at/all"));
}
