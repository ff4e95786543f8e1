using System.Reflection;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Tests.Http;

/// <summary>host.json has no route prefix, because the OpenAI-compatible calls stand at the root; so every route says its own.</summary>
public sealed class RoutesTests
{
    public static TheoryData<string> Routes =>
        [.. typeof(EventIds).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>()
            .Select(trigger => trigger.Route ?? string.Empty)];

    [Theory]
    [MemberData(nameof(Routes))]
    public void Route_OfEveryFunction_BeginsWithItsApi(string route)
    {
        Assert.Matches("^(api|v1)/", route);
    }

    [Fact]
    public void HostJson_HasNoRoutePrefix()
    {
        var hostJson = File.ReadAllText(RepositoryRoot.Combine("src", "Functions", "host.json"));

        Assert.Contains("\"routePrefix\": \"\"", hostJson, StringComparison.Ordinal);
    }
}
