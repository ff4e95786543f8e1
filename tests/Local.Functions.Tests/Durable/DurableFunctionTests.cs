using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsBroker.Local.Functions.Tests.Durable;

[Trait("Category", "Emulator")]
public sealed class DurableFunctionTests(AzuriteFixture azurite)
{
    private readonly string _hub = AzuriteFixture.UniqueName("hub");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task DurableFunctions_UnderTheNamesOfTheirAttributes_AreBoundAndRun()
    {
        await using var app = await StartAsync(typeof(DurableFunctions));

        var answer = await app.Client.GetStringAsync("/api/run", Cancellation);

        Assert.StartsWith("Completed 6 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sum True True True", Notes(app));
        Assert.Contains("AddFunction 3", Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Middleware_AroundDurableFunctions_RunsForEachOfThem()
    {
        await using var app = await StartAsync(typeof(DurableFunctions));

        await app.Client.GetStringAsync("/api/run", Cancellation);

        // The orchestration runs once per episode, so more than once; the two entity operations are two invocations.
        Assert.True(Notes(app).Count(note => note == "mw AddFunction") > 1);
        Assert.Single(Notes(app), note => note == "mw SumFunction");
        Assert.Equal(2, Notes(app).Count(note => note == "mw TotalFunction"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Entity_MadeByTheDispatcher_HasItsServices()
    {
        await using var app = await StartAsync(typeof(InjectedEntity));

        using var answer = await app.Client.GetAsync("/api/set/41", Cancellation);

        await Eventually.BecomesTrueAsync(() => Notes(app).Contains("set 41"), Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task DurableClient_ForAnotherHub_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(typeof(InjectedEntity), "another"));

        Assert.Contains("'OtherHub'", exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("CallsUnknownActivity", "Failed", "NoSuchActivity")]
    [InlineData("CallsUnknownOrchestrator", "Failed", "NoSuchOrchestrator")]
    [InlineData("CallsUnknownEntity", "Failed", "nosuchentity")]
    [InlineData("CallsDisabledActivity", "Failed", "DisabledActivity")]
    [InlineData("NoSuchOrchestrator", "ArgumentException", "NoSuchOrchestrator")]
    [InlineData("AllowedNowhere", "ArgumentException", "AllowedNowhere")]
    public async Task Name_OfNoFunction_IsNamedInTheFailure(string orchestrator, string outcome, string name)
    {
        await using var app = await TestApp.StartAsync(
            [typeof(UnknownFunctions)],
            hostJson: $$"""
                {
                  "version": "2.0",
                  "functions": [ "Run", "CallsUnknownActivity", "CallsUnknownOrchestrator", "CallsUnknownEntity", "CallsDisabledActivity", "DisabledActivity" ],
                  "extensions": { "durableTask": { "hubName": "{{_hub}}" } }
                }
                """,
            settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("AzureWebJobs.DisabledActivity.Disabled", "true")]);

        var answer = await app.Client.GetStringAsync($"/api/run/{orchestrator}", Cancellation);

        Assert.StartsWith(outcome, answer, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", answer, StringComparison.Ordinal);
    }

    private Task<TestApp> StartAsync(Type functions, string? otherHub = null) => TestApp.StartAsync(
        [functions],
        builder =>
        {
            builder.Services.AddSingleton<Signals>();
            builder.UseMiddleware((context, next) =>
            {
                context.InstanceServices.GetRequiredService<Signals>().Note($"mw {context.FunctionDefinition.Name}");
                return next();
            });
        },
        $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{_hub}}" } } }""",
        ("AzureWebJobsStorage", azurite.ConnectionString),
        ("Hub", otherHub ?? _hub));

    private static IReadOnlyCollection<string> Notes(TestApp app) => app.Services.GetRequiredService<Signals>().Notes;
}
