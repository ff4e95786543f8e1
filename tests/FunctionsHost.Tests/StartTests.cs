using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>What the host says and how it ends when it cannot run an app.</summary>
public sealed class StartTests(HostFixture fixture) : HostTest(fixture)
{
    [Fact(Timeout = Patience)]
    public Task Arguments_ThatAreUnknown_ShowTheUsage() => FailsAsync(ExitCodes.Usage, "usage:", ["--nonsense"]);

    [Fact(Timeout = Patience)]
    public Task Address_ThatIsNone_IsNamed() => FailsAsync(ExitCodes.Usage, "'nowhere' is not an address", [HostFixture.AppFolder, "--urls", "nowhere"]);

    [Fact(Timeout = Patience)]
    public Task Folder_ThatIsNotThere_IsNamed() => FailsAsync(ExitCodes.App, "there is no folder /nothing/here", ["/nothing/here"]);

    [Fact(Timeout = Patience)]
    public async Task Folder_WithoutAnApp_SaysWhatIsMissing()
    {
        using var folder = new TempDirectory();
        await FailsAsync(ExitCodes.App, "has no functions.metadata", [folder.Path]);
    }

    [Theory(Timeout = Patience)]
    [InlineData("host.json", "{ \"version\": ", "host.json is not JSON")]
    [InlineData("host.json", "{}", "'version' must be \"2.0\"")]
    [InlineData("host.json", "[]", "no host.json that is a JSON object")]
    [InlineData("functions.metadata", """[{"name":"F","scriptFile":"a.dll","entryPoint":"A.F","language":"python","bindings":[{"name":"t","type":"timerTrigger","schedule":"* * * * * *"}]}]""", "is written for 'python'")]
    [InlineData("functions.metadata", """[{"name":"F","scriptFile":"a.dll","entryPoint":"A.F","language":"dotnet-isolated","bindings":[{"name":"t","type":"blobTrigger"}]}]""", "a binding of type blobTrigger")]
    [InlineData("functions.metadata", """[{"name":"F","scriptFile":"a.dll","entryPoint":"A.F","language":"dotnet-isolated","bindings":[]}]""", "must have one trigger")]
    [InlineData("local.settings.json", """{"IsEncrypted":true,"Values":{}}""", "is encrypted")]
    [InlineData("worker.config.json", "{}", "has no worker.config.json")]
    public async Task App_ThatCannotBeRun_IsOneLine(string file, string content, string expected)
    {
        using var folder = new TempDirectory();
        foreach (var name in (string[])["host.json", "functions.metadata", "worker.config.json"])
        {
            File.Copy(Path.Combine(HostFixture.AppFolder, name), folder.Combine(name));
        }

        await File.WriteAllTextAsync(folder.Combine(file), content, Cancellation);

        await FailsAsync(ExitCodes.App, expected, [folder.Path]);
    }

    [Fact(Timeout = Patience)]
    public Task Runtime_OfAnotherLanguage_IsNamed() =>
        FailsAsync(ExitCodes.App, "FUNCTIONS_WORKER_RUNTIME is 'node'", [HostFixture.AppFolder], ("FUNCTIONS_WORKER_RUNTIME", "node"));

    [Fact(Timeout = Patience)]
    public async Task Port_InUse_IsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";

        await FailsAsync(ExitCodes.Address, $"address already in use", [HostFixture.AppFolder, "--urls", address]);
    }

    [Theory(Timeout = Patience)]
    [InlineData("", "AzureWebJobsStorage is not set")]
    [InlineData("nonsense", "is not a connection string")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a;", "does not answer")]
    public Task Storage_ThatIsNotThere_IsNamed(string connection, string expected) =>
        FailsAsync(ExitCodes.Storage, expected, [HostFixture.AppFolder], ("AzureWebJobsStorage", connection));

    [Fact(Timeout = Patience)]
    public Task Storage_ThatRefusesTheKey_IsNamed()
    {
        var wrong = Fixture.Azurite.ConnectionString.Replace(TestKit.Storage.Azurite.AccountKey, "AAAA", StringComparison.Ordinal);
        return FailsAsync(ExitCodes.Storage, "refuses the key", [HostFixture.AppFolder], ("AzureWebJobsStorage", wrong));
    }

    [Fact(Timeout = Patience)]
    public Task Setting_OfDurableThatThereIsNot_IsNamed() =>
        FailsAsync(ExitCodes.App, "there is no setting FunctionsHost:Durable:Nonsense", [HostFixture.AppFolder], ("FunctionsHost__Durable__Nonsense", "1"));

    [Fact(Timeout = Patience)]
    public async Task Worker_ThatEndsAtItsStart_EndsTheHost()
    {
        using var folder = new TempDirectory();
        foreach (var name in (string[])["host.json", "functions.metadata"])
        {
            File.Copy(Path.Combine(HostFixture.AppFolder, name), folder.Combine(name));
        }

        await File.WriteAllTextAsync(folder.Combine("worker.config.json"), """{"description":{"defaultExecutablePath":"dotnet","defaultWorkerPath":"nothing.dll"}}""", Cancellation);

        await FailsAsync(ExitCodes.Worker, "before it was ready", [folder.Path]);
    }

    private async Task FailsAsync(int code, string expected, string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var program = FunctionsHostProcess.AppFolder("FunctionsBroker.FunctionsHost");
        string[] address = arguments.Contains("--urls") || arguments is ["--nonsense"] ? [] : ["--urls", "http://127.0.0.1:0"];
        foreach (var argument in (string[])[Path.Combine(program, "FunctionsBroker.FunctionsHost.dll"), .. arguments, .. address])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Fixture.Settings(settings))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        var all = $"{await output}{errors}";
        Assert.True(process.ExitCode == code, $"{process.ExitCode}: {all}");
        Assert.Contains(expected, Assert.Single(errors.Trim().Split('\n')), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
