using System.Net;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Tests.Http;

public sealed class FunctionKeyTests
{
    private const string KnownKeys = """
        {
          "masterKey": { "name": "master", "value": "the-master-key", "encrypted": false },
          "functionKeys": [ { "name": "default", "value": "a-host-key", "encrypted": false } ],
          "systemKeys": [ { "name": "durabletask_extension", "value": "a-system-key", "encrypted": false } ]
        }
        """;

    private const string KeyOfKeyed = """{ "keys": [ { "name": "default", "value": "a-function-key", "encrypted": false } ] }""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("Open", null, true)]
    [InlineData("Open", "wrong", true)]
    [InlineData("Keyed", null, false)]
    [InlineData("Keyed", "", false)]
    [InlineData("Keyed", "wrong", false)]
    [InlineData("Keyed", "the-master-key", true)]
    [InlineData("Keyed", "a-host-key", true)]
    [InlineData("Keyed", "a-function-key", true)]
    [InlineData("Keyed", "a-system-key", false)]
    [InlineData("Keyed", "A-HOST-KEY", false)]
    [InlineData("Other", "a-host-key", true)]
    [InlineData("Other", "a-function-key", false)]
    [InlineData("SystemOnly", "a-system-key", true)]
    [InlineData("SystemOnly", "the-master-key", true)]
    [InlineData("SystemOnly", "a-host-key", false)]
    [InlineData("AdminOnly", "the-master-key", true)]
    [InlineData("AdminOnly", "a-host-key", false)]
    [InlineData("AdminOnly", "a-system-key", false)]
    public async Task Key_InHeaderOrQuery_OpensWhatItsLevelSays(string function, string? key, bool opens)
    {
        using var secrets = new TempDirectory();
        await File.WriteAllTextAsync(secrets.Combine("host.json"), KnownKeys, Cancellation);
        await File.WriteAllTextAsync(secrets.Combine("keyed.json"), KeyOfKeyed, Cancellation);
        await using var app = await TestApp.StartAsync([typeof(GuardedFunctions)], settings: ("AzureWebJobsSecretsPath", secrets.Path));

        using var byHeader = await SendAsync(app, $"/api/{function}", key);
        using var byQuery = await SendAsync(app, key is null ? $"/api/{function}" : $"/api/{function}?code={key}", null);

        var expected = opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
        Assert.Equal(expected, byHeader.StatusCode);
        Assert.Equal(expected, byQuery.StatusCode);
        if (!opens)
        {
            Assert.Equal("application/problem+json", byHeader.Content.Headers.ContentType?.MediaType);
            Assert.Contains("\"code\":\"unauthorized\"", await byHeader.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Keys_WithoutAFile_AreMadeAndOnlyTheOwnerMayReadThem()
    {
        await using var first = await TestApp.StartAsync([typeof(GuardedFunctions)]);
        await using var second = await TestApp.StartAsync([typeof(GuardedFunctions)]);

        Assert.NotEqual(Secrets.MasterKey(first), Secrets.HostKey(first));
        Assert.NotEqual(Secrets.MasterKey(first), Secrets.MasterKey(second));
        Assert.True(Secrets.MasterKey(first).Length >= 40);
        var file = Assert.Single(Directory.GetFiles(first.SecretsFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        using var answer = await SendAsync(first, "/api/Keyed", Secrets.HostKey(first));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Keys_ThatExist_SurviveARestart()
    {
        using var secrets = new TempDirectory();
        await using (await TestApp.StartAsync([typeof(GuardedFunctions)], settings: ("AzureWebJobsSecretsPath", secrets.Path)))
        {
        }

        var made = await File.ReadAllTextAsync(secrets.Combine("host.json"), Cancellation);
        await using (await TestApp.StartAsync([typeof(GuardedFunctions)], settings: ("AzureWebJobsSecretsPath", secrets.Path)))
        {
        }

        Assert.Equal(made, await File.ReadAllTextAsync(secrets.Combine("host.json"), Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Keys_AtTheFinestLogLevel_AreNotLogged()
    {
        await using var app = await TestApp.StartAsync([typeof(GuardedFunctions)]);
        var key = Secrets.HostKey(app);

        using var byQuery = await SendAsync(app, $"/api/Keyed?code={key}", null);
        using var byHeader = await SendAsync(app, "/api/Keyed", key);

        Assert.Equal(HttpStatusCode.OK, byQuery.StatusCode);
        Assert.DoesNotContain(app.Logs.Lines, line =>
            line.Text.Contains(key, StringComparison.Ordinal) || line.Text.Contains(Secrets.MasterKey(app), StringComparison.Ordinal));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("{ broken")]
    [InlineData("""{ "functionKeys": [] }""")]
    [InlineData("""{ "masterKey": { "name": "master", "value": "hidden-value", "encrypted": true } }""")]
    public async Task KeyFile_Malformed_StopsTheStartAndIsNamedWithoutItsKeys(string content)
    {
        using var secrets = new TempDirectory();
        var file = secrets.Combine("host.json");
        await File.WriteAllTextAsync(file, content, Cancellation);

        var exception = await Assert.ThrowsAsync<InvalidDataException>(
            () => TestApp.StartAsync([typeof(GuardedFunctions)], settings: ("AzureWebJobsSecretsPath", secrets.Path)));

        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Key_AddedWhileTheHostRuns_OpensAfterAMinuteAndABrokenFileClosesNothing()
    {
        using var secrets = new TempDirectory();
        await File.WriteAllTextAsync(secrets.Combine("host.json"), KnownKeys, Cancellation);
        var time = new ManualTimeProvider();
        await using var app = await TestApp.StartAsync(
            [typeof(GuardedFunctions)],
            builder => builder.Services.AddSingleton<TimeProvider>(time),
            settings: ("AzureWebJobsSecretsPath", secrets.Path));

        await File.WriteAllTextAsync(secrets.Combine("keyed.json"), KeyOfKeyed, Cancellation);
        using var early = await SendAsync(app, "/api/Keyed", "a-function-key");
        time.Advance(TimeSpan.FromMinutes(1));
        using var late = await SendAsync(app, "/api/Keyed", "a-function-key");
        await File.WriteAllTextAsync(secrets.Combine("keyed.json"), "{ broken", Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        using var wrong = await SendAsync(app, "/api/Keyed", "wrong");
        using var known = await SendAsync(app, "/api/Keyed", "a-function-key");

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [early.StatusCode, late.StatusCode, wrong.StatusCode, known.StatusCode]);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SecretStorage_OtherThanFiles_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(
            () => TestApp.StartAsync([typeof(GuardedFunctions)], settings: ("AzureWebJobsSecretStorageType", "keyvault")));

        Assert.Contains("AzureWebJobsSecretStorageType", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApp app, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return await app.Client.SendAsync(request, Cancellation);
    }
}
