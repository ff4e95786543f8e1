using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using FunctionsBroker.Infra.Tests.Settings;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>
/// The host as Azure would run it: what the Dockerfile publishes, its user and variables, a read-only root, the settings
/// of <c>app/host.bicep</c>, storage by managed identity.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class HostImageTests(PublishedHost published, InfraFixture infra) : IClassFixture<PublishedHost>
{
    private const int TimeoutMs = 240_000;
    private const string HostKey = "a-host-key-of-some-length";
    private const string SpareHostKey = "a-spare-host-key-of-some-length";
    private const string Revision = "ca-host-1--abc123.example.azurecontainerapps.io";

    [Fact(Timeout = TimeoutMs)]
    public async Task Host_WithAReadOnlyRoot_ComesUpRunsTheCliAndDrains()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var certificate = new AzuriteCertificate();
        await using var azurite = await Azurite.StartSecureAsync(certificate, cancellation);
        await using var identity = await IdentityEndpoint.StartAsync(cancellation);
        var sandbox = CreateSandbox(certificate);
        var variables = VariablesOf(azurite, identity, certificate);

        using var host = sandbox.Start(variables, "dotnet", "/app/FunctionsBroker.SessionHost.dll");
        var log = new ProcessLog(host);
        using var client = new HttpClient { BaseAddress = await log.ListeningAsync(cancellation) };
        await Eventually.BecomesTrueAsync(async () => (await client.GetAsync("/healthz/ready", cancellation)).IsSuccessStatusCode, cancellation);

        // The storage took the identity's token, the CLI came up, and either key opens the host.
        Assert.All(identity.Clients, asked => Assert.Equal("the-client-id", asked));
        Assert.NotEmpty(identity.Clients);
        await Eventually.BecomesTrueAsync(async () => (await MetricsAsync(client, SpareHostKey, cancellation)).Contains("\nbroker_processes_ready 1\n", StringComparison.Ordinal), cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/metrics", cancellation)).StatusCode);
        Assert.Contains(Revision, await HostsTableAsync(azurite, certificate, cancellation), StringComparison.Ordinal);

        using var kill = Process.Start("kill", ["-TERM", ChildOf(host).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
        await host.WaitForExitAsync(cancellation);
        Assert.True(host.ExitCode == 0, log.ToString());
        Assert.DoesNotContain(HostKey, log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-model-credential", log.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Sandbox_HasNothingToWriteToButItsFolder()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var certificate = new AzuriteCertificate();

        using var shell = CreateSandbox(certificate).Start(
            new Dictionary<string, string>(),
            "sh", "-c", "id -u; for f in /x /app/x /usr/x /etc/x /mnt/x /mnt/work/x; do touch $f 2>/dev/null && echo $f; done");
        var output = await shell.StandardOutput.ReadToEndAsync(cancellation);

        Assert.Equal("10001\n/mnt/work/x\n", output);
    }

    private Sandbox CreateSandbox(AzuriteCertificate certificate)
    {
        var claude = new FileInfo(RepositoryRoot.Combine("node_modules", ".bin", "claude")).ResolveLinkTarget(true)!.FullName;
        return new Sandbox(published.App, claude, certificate.CertificateFile);
    }

    private Dictionary<string, string> VariablesOf(Azurite azurite, IdentityEndpoint identity, AzuriteCertificate certificate)
    {
        var variables = Dockerfile.Read().Environment.ToDictionary();
        foreach (var setting in DeclaredSetting.OfHost(infra.Tree).Where(setting => !setting.Name.Contains("Identity", StringComparison.Ordinal)))
        {
            variables[setting.Name == "(modelCredentialVariable)" ? "ANTHROPIC_API_KEY" : setting.Name] = setting switch
            {
                { Secret: "host-key" } => HostKey,
                { Secret: "host-key-spare" } => SpareHostKey,
                { Secret: "model-credential" } => "the-model-credential",
                { Secret: not null } => "some-key-of-some-length",
                { Value.Literal: { } literal } => literal,
                { Name: "AzureWebJobsStorage__clientId" } => "the-client-id",
                { Name: "AzureWebJobsStorage__blobServiceUri" } => $"https://127.0.0.1:{azurite.Ports.Blob}/{Azurite.AccountName}",
                { Name: "AzureWebJobsStorage__tableServiceUri" } => azurite.TableEndpoint.ToString(),
                { Name: "Host__MaxSessions" } => "12",
                { Name: "Host__ShutdownTimeout" } => "00:00:05",
                _ => throw new InvalidOperationException($"No value for {setting.Name}."),
            };
        }

        // What Container Apps adds by itself, and what this test needs to see.
        variables["CONTAINER_APP_HOSTNAME"] = Revision;
        variables["IDENTITY_ENDPOINT"] = identity.Url;
        variables["IDENTITY_HEADER"] = IdentityEndpoint.Header;
        variables["SSL_CERT_FILE"] = certificate.CertificateFile;
        variables["ASPNETCORE_HTTP_PORTS"] = "0";
        variables["Host__Profiles__default__Prewarmed"] = "1";
        return variables;
    }

    private static async Task<string> MetricsAsync(HttpClient client, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "x-broker-host-key", key } } };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task<string> HostsTableAsync(Azurite azurite, AzuriteCertificate certificate, CancellationToken cancellationToken)
    {
        await using var identity = await IdentityEndpoint.StartAsync(cancellationToken);
        using var tokens = new HttpClient { DefaultRequestHeaders = { { "X-IDENTITY-HEADER", IdentityEndpoint.Header } } };
        using var token = System.Text.Json.JsonDocument.Parse(await tokens.GetStringAsync(identity.Url, cancellationToken));
        using var tables = new HttpClient(certificate.CreateHandler());
        tables.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        tables.DefaultRequestHeaders.Add("x-ms-version", "2020-12-06");
        tables.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return await tables.GetStringAsync($"{azurite.TableEndpoint}/Hosts()", cancellationToken);
    }

    // bwrap passes no signals on: the program is its grandchild, as bwrap has an init of its own.
    private static int ChildOf(Process process)
    {
        var child = process.Id;
        for (var generation = 0; generation < 2; generation++)
        {
            child = int.Parse(File.ReadAllText($"/proc/{child}/task/{child}/children").Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }

        return child;
    }
}
