using System.Net;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Http;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>Keys: which level opens what, where they are given, and the files they stand in.</summary>
public sealed class KeyTests(HostFixture fixture) : HostTest(fixture)
{
    [Theory(Timeout = Patience)]
    [InlineData("/api/hello/Ada", null, HttpStatusCode.OK)]
    [InlineData("/api/Guarded", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/Guarded", "functionKeys", HttpStatusCode.OK)]
    [InlineData("/api/Guarded", "masterKey", HttpStatusCode.OK)]
    [InlineData("/api/Guarded", "systemKeys", HttpStatusCode.Unauthorized)]
    [InlineData("/api/administered", "functionKeys", HttpStatusCode.Unauthorized)]
    [InlineData("/api/administered", "masterKey", HttpStatusCode.OK)]
    [InlineData("/admin/host/status", null, HttpStatusCode.Unauthorized)]
    [InlineData("/admin/host/status", "functionKeys", HttpStatusCode.Forbidden)]
    [InlineData("/admin/host/status", "masterKey", HttpStatusCode.OK)]
    [InlineData("/runtime/webhooks/durabletask/instances", "functionKeys", HttpStatusCode.Unauthorized)]
    [InlineData("/runtime/webhooks/durabletask/instances", "systemKeys", HttpStatusCode.OK)]
    public async Task Key_OfALevel_OpensWhatItMay(string path, string? key, HttpStatusCode expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, key is null ? null : Fixture.Key(key));

        Assert.Equal(expected, answer.StatusCode);
        if (expected is HttpStatusCode.Unauthorized)
        {
            Assert.Equal(0, answer.Content.Headers.ContentLength);
            Assert.Empty(answer.Headers.WwwAuthenticate);
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Key_InTheQuery_CountsToo_ButNotBesideAWrongHeader()
    {
        using var byQuery = await SendAsync(HttpMethod.Get, $"/api/Guarded?code={Fixture.Key()}");
        using var wrongHeader = await SendAsync(HttpMethod.Get, $"/api/Guarded?code={Fixture.Key()}", "wrong");

        Assert.Equal(HttpStatusCode.OK, byQuery.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrongHeader.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task Key_OfOneFunction_OpensThatOneOnly_FromTheNextRequestOn()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Fixture.SecretsPath, "guarded.json"),
            """{"keys":[{"name":"mine","value":"only-for-guarded","encrypted":false},{"name":"other","value":"unreadable","encrypted":true}]}""",
            Cancellation);

        using var own = await SendAsync(HttpMethod.Get, "/api/Guarded", "only-for-guarded");
        using var encrypted = await SendAsync(HttpMethod.Get, "/api/Guarded", "unreadable");
        using var other = await SendAsync(HttpMethod.Get, "/api/other-guarded", "only-for-guarded");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], new[] { own, encrypted, other }.Select(answer => answer.StatusCode));
    }

    [Fact]
    public void Folder_ThatIsNew_GetsAFileAsTheRealHostWritesIt()
    {
        using var folder = new TempDirectory();
        var path = folder.Combine("secrets", "host.json");

        var keys = new FunctionKeys(folder.Combine("secrets"));

        var bytes = File.ReadAllBytes(path);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(keys.WebHookKey, new FunctionKeys(folder.Combine("secrets")).WebHookKey);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void File_OfAnotherProgram_KeepsItsKeysAndMembers()
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.Combine("host.json"), """{"masterKey":{"name":"master","value":"m","encrypted":false},"functionKeys":[],"hostName":"localhost:7071"}""");

        _ = new FunctionKeys(folder.Path);

        var text = File.ReadAllText(folder.Combine("host.json"));
        Assert.Contains("localhost:7071", text, StringComparison.Ordinal);
        Assert.Contains("\"m\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void File_ThatIsBroken_IsNamed(string content)
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.Combine("host.json"), content);

        var exception = Assert.Throws<HostException>(() => new FunctionKeys(folder.Path));

        Assert.Equal(ExitCodes.App, exception.ExitCode);
        Assert.Contains(folder.Combine("host.json"), exception.Message, StringComparison.Ordinal);
    }
}
