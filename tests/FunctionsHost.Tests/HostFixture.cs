using System.Text.Json.Nodes;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>The host on the app of tests/PlatformApp, with an emulator; and more of them for tests that end one.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private readonly TempDirectory _secrets = new();
    private Azurite? _azurite;
    private FunctionsHostProcess? _host;

    public static string AppFolder => FunctionsHostProcess.AppFolder("FunctionsBroker.PlatformApp");

    public FunctionsHostProcess Host => _host!;

    public Azurite Azurite => _azurite!;

    public string SecretsPath => _secrets.Path;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>What a host needs to run on the emulator. Hosts on one task hub would share its work: each has a hub of its own.</summary>
    public Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = Azurite.ConnectionString,
            ["AzureWebJobsSecretsPath"] = SecretsPath,
            ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = AzuriteFixture.UniqueName("Hub"),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    public string Key(string list = "functionKeys") => list == "masterKey"
        ? (string)Secrets["masterKey"]!["value"]!
        : (string)Secrets[list]![0]!["value"]!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartInMemoryAsync(CancellationToken.None);
        _host = await FunctionsHostProcess.StartAsync(AppFolder, Settings(("GREETING", "from the environment")), CancellationToken.None);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _host.Url, Timeout = TestTimeouts.Default };
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _secrets.Dispose();
    }

    private JsonNode Secrets => JsonNode.Parse(File.ReadAllText(Path.Combine(SecretsPath, "host.json")))!;
}

/// <summary>A test against the running host.</summary>
public abstract class HostTest(HostFixture fixture)
{
    protected const int Patience = 240_000;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected HostFixture Fixture { get; } = fixture;

    protected FunctionsHostProcess Host => Fixture.Host;

    protected async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await Fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    protected async Task<string> GetTextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return text;
    }

    protected static Task WaitForLineAsync(FunctionsHostProcess host, string text, int from = 0) =>
        Eventually.BecomesTrueAsync(() => Task.FromResult(host.Output(from).Contains(text, StringComparison.Ordinal)), Cancellation);
}
