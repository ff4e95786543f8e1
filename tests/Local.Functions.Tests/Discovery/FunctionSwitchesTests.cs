using System.Net;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.Local.Functions.Tests.Http;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Discovery;

public sealed class FunctionSwitchesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Functions_OfHostJson_AreTheOnlyOnesAndUnknownNamesAreWarnedOf()
    {
        await using var app = await TestApp.StartAsync(
            [typeof(GuardedFunctions)], hostJson: """{ "version": "2.0", "functions": [ "open", "Nobody" ], "extensions": { "htp": {} } }""");

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(app, "/api/Open"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(app, "/api/Keyed"));
        var warnings = app.Logs.Lines.Where(line => line.Level is LogLevel.Warning).Select(line => line.Text).ToList();
        Assert.Contains(warnings, warning => warning.Contains("'Nobody'", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("host.json:1:", StringComparison.Ordinal) && warning.Contains("'extensions.htp'", StringComparison.Ordinal));
        Assert.Equal(2, warnings.Count);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("AzureWebJobs.Keyed.Disabled", "true", true)]
    [InlineData("AzureWebJobs.keyed.disabled", "1", true)]
    [InlineData("AzureWebJobs_Keyed_Disabled", "True", true)]
    [InlineData("AzureWebJobs:Keyed:Disabled", "true", true)]
    [InlineData("AzureWebJobs.Keyed.Disabled", "false", false)]
    [InlineData("AzureWebJobs.Keyed.Disabled", "0", false)]
    [InlineData("AzureWebJobs.Open.Disabled", "true", false)]
    public async Task HttpFunction_DisabledBySetting_IsThereForAnAdministratorOnly(string setting, string value, bool disabled)
    {
        await using var app = await TestApp.StartAsync([typeof(GuardedFunctions)], settings: (setting, value));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(app, "/api/Keyed"));
        Assert.Equal(disabled ? HttpStatusCode.NotFound : HttpStatusCode.OK, await StatusOfAsync(app, $"/api/Keyed?code={Secrets.HostKey(app)}"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(app, $"/api/Keyed?code={Secrets.MasterKey(app)}"));
    }

    /// <summary>No storage is there: a listener that was started would say so.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listeners_OfDisabledFunctions_AreNotStarted()
    {
        await using var app = await TestApp.StartAsync(
            [typeof(Queues.QueueFunctions.Text), typeof(Timers.TimerFunctionTests.Sweep)],
            Configure,
            settings:
            [
                ("AzureWebJobs.Text.Disabled", "true"), ("AzureWebJobs.Sweep.Disabled", "true"), ("AzureWebJobs.Nobody.Disabled", "true"),
            ]);

        Assert.Equal(2, app.Logs.Lines.Count(line => line.Text.EndsWith("is disabled", StringComparison.Ordinal)));
        Assert.Single(app.Logs.Lines, line => line.Level is LogLevel.Warning && line.Text.Contains("AzureWebJobs.Nobody.Disabled", StringComparison.Ordinal));
    }

    private static void Configure(FunctionsApplicationBuilder builder) => builder.Services.AddSingleton<Signals>();

    private static async Task<HttpStatusCode> StatusOfAsync(TestApp app, string path)
    {
        using var answer = await app.Client.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }
}
