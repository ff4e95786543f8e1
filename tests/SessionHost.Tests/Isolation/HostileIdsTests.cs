using System.Net;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Isolation;

/// <summary>Paths are made of generated names only, whatever a session is called.</summary>
public sealed class HostileIdsTests
{
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("..a")]
    [InlineData("a.")]
    [InlineData("a.b..c")]
    [InlineData("@:_-.")]
    [InlineData("../../etc")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a\\b")]
    [InlineData("~root")]
    [InlineData("$(id)`id`;id|id")]
    public async Task Turn_IdThatWouldBeAPath_RunsInAFolderOfAGeneratedName(string session)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        // Dot segments would be resolved by the client itself.
        using var response = await host.PostAsync(Uri.EscapeDataString(session).Replace(".", "%2E", StringComparison.Ordinal), await cluster.PrepareAsync(host, session, "t1", "say a"));

        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            await cluster.EndAsync(session, "t1");
            var route = (await cluster.ReadSessionAsync(session)).RouteId.Value;
            Assert.Matches("^[0-9a-f]{32}$", route);
            Assert.Equal([Path.Combine(cluster.SessionsPathOf(host), route)], Directory.GetFileSystemEntries(cluster.SessionsPathOf(host)));
        }
        else
        {
            Assert.False(Directory.Exists(cluster.SessionsPathOf(host)));
        }
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("a%2541")]
    [InlineData("a%00b")]
    [InlineData("a%0Ab")]
    [InlineData("%20a")]
    [InlineData("%E2%80%AEa")]
    public async Task Turn_IdWithForbiddenCharacters_IsRefusedAndMakesNothing(string encoded)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        using var response = await host.PostAsync(encoded, await cluster.PrepareAsync(host, "room:1", "t1", "say a"));

        Assert.InRange((int)response.StatusCode, 400, 404);
        Assert.False(Directory.Exists(cluster.SessionsPathOf(host)));
    }
}
