using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Timers;

[Trait("Category", "Emulator")]
public sealed class TimerFunctionTests(AzuriteFixture azurite)
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_AtEachOccurrence_RunsOnceAndIsNotPastDue()
    {
        await using var app = await StartAsync(typeof(Sweep), "0 */5 * * * *");

        await PassAsync(TimeSpan.FromMinutes(4));
        Assert.Empty(Notes(app));
        await PassAsync(TimeSpan.FromMinutes(1));
        await NotedAsync(app, 1);
        await PassAsync(TimeSpan.FromMinutes(5));
        await NotedAsync(app, 2);

        Assert.Equal(["12:05 False 12:05", "12:10 False 12:10"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_ThatMissedOccurrencesWhileDown_RunsOncePastDue()
    {
        await using var storage = await Azurite.StartInMemoryAsync(Cancellation);
        await using (var first = await StartAsync(typeof(Sweep), "0 */5 * * * *", storage.ConnectionString))
        {
            await PassAsync(TimeSpan.FromMinutes(5));
            await NotedAsync(first, 1);
            await TimerWaitsAsync();
        }

        _time.Advance(TimeSpan.FromMinutes(32));
        await using var second = await StartAsync(typeof(Sweep), "0 */5 * * * *", storage.ConnectionString);
        await NotedAsync(second, 1);
        await PassAsync(TimeSpan.FromMinutes(3));
        await NotedAsync(second, 2);

        Assert.Equal(["12:37 True 12:10", "12:40 False 12:40"], Notes(second));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_WithAnotherScheduleThanBefore_IsNotPastDue()
    {
        await using var storage = await Azurite.StartInMemoryAsync(Cancellation);
        await using (await StartAsync(typeof(Sweep), "0 */5 * * * *", storage.ConnectionString))
        {
            await TimerWaitsAsync();
        }

        _time.Advance(TimeSpan.FromMinutes(32));
        await using var second = await StartAsync(typeof(Sweep), "0 0 * * * *", storage.ConnectionString);
        await PassAsync(TimeSpan.FromMinutes(28));
        await NotedAsync(second, 1);

        Assert.Equal(["13:00 False 13:00"], Notes(second));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_WithRunOnStartup_RunsAtOnce()
    {
        await using var app = await StartAsync(typeof(SweepAtStart), "0 0 * * * *");

        await NotedAsync(app, 1);

        Assert.Equal(["12:00 False -"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_ThatFails_RunsAgainAtItsNextOccurrence()
    {
        await using var app = await StartAsync(typeof(SweepFails), "00:00:10");

        await PassAsync(TimeSpan.FromSeconds(10));
        await NotedAsync(app, 1);
        await PassAsync(TimeSpan.FromSeconds(10));
        await NotedAsync(app, 2);

        await Eventually.BecomesTrueAsync(() => app.Logs.Lines.Count(line => line.Level is LogLevel.Error) == 2, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_WhoseRunTakesLongerThanItsInterval_RunsOnceMoreAtOnceThenOnSchedule()
    {
        await using var app = await StartAsync(typeof(SlowSweep), "0 */5 * * * *");
        var signals = app.Services.GetRequiredService<Signals>();

        await PassAsync(TimeSpan.FromMinutes(5));
        await NotedAsync(app, 1);
        _time.Advance(TimeSpan.FromMinutes(17));
        Assert.Single(Notes(app));
        signals.Released.SetResult();
        await NotedAsync(app, 2);
        await PassAsync(TimeSpan.FromMinutes(3));
        await NotedAsync(app, 3);

        Assert.Equal(["12:05 False", "12:22 False", "12:25 False"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_InTheTimeZoneOfTheSetting_FollowsItsClock()
    {
        await using var storage = await Azurite.StartInMemoryAsync(Cancellation);
        await using var app = await StartAsync(
            typeof(Sweep), "0 30 13 * * *", storage.ConnectionString, ("WEBSITE_TIME_ZONE", "Europe/Prague"));

        await PassAsync(TimeSpan.FromMinutes(30));
        await NotedAsync(app, 1);

        Assert.Equal(["12:30 False 12:30"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TimeZone_Unknown_StopsTheStartAndIsNamed()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync(typeof(Sweep), "0 * * * * *", settings: ("WEBSITE_TIME_ZONE", "Middle Earth")));

        Assert.Contains("WEBSITE_TIME_ZONE is \"Middle Earth\"", exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("never", "'never' is neither an NCRONTAB expression nor a time span")]
    [InlineData("0 61 * * * *", "61")]
    public async Task Schedule_Malformed_StopsTheStartAndIsNamedWithItsFunctionAndSetting(string schedule, string reason)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(typeof(Sweep), schedule));

        Assert.StartsWith($"Function 'Sweep' ({typeof(Sweep)}.Run): ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'%Schedule%'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    private Task<TestApp> StartAsync(
        Type function, string schedule, string? storage = null, params (string Key, string Value)[] settings) => TestApp.StartAsync(
        [function],
        builder =>
        {
            builder.Services.AddSingleton<Signals>();
            builder.Services.AddSingleton<TimeProvider>(_time);
        },
        settings: [("AzureWebJobsStorage", storage ?? azurite.ConnectionString), ("Schedule", schedule), .. settings]);

    // Only when the listener waits again does moving the clock reach it.
    private async Task PassAsync(TimeSpan by)
    {
        await TimerWaitsAsync();
        _time.Advance(by);
    }

    private Task TimerWaitsAsync() => Eventually.BecomesTrueAsync(() => _time.Waiting == 1, Cancellation);

    private static Task NotedAsync(TestApp app, int count) => Eventually.BecomesTrueAsync(() => Notes(app).Count == count, Cancellation);

    private static IReadOnlyCollection<string> Notes(TestApp app) => app.Services.GetRequiredService<Signals>().Notes;

    internal sealed class Sweep(Signals signals, TimeProvider time)
    {
        [Function(nameof(Sweep))]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) =>
            signals.Note($"{time.GetUtcNow():HH:mm} {timer.IsPastDue} {timer.ScheduleStatus?.Next:HH:mm}");
    }

    internal sealed class SweepAtStart(Signals signals, TimeProvider time)
    {
        [Function(nameof(SweepAtStart))]
        public void Run([TimerTrigger("%Schedule%", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) =>
            signals.Note($"{time.GetUtcNow():HH:mm} {timer.IsPastDue} {(timer.ScheduleStatus is null ? "-" : "monitored")}");
    }

    internal sealed class SlowSweep(Signals signals, TimeProvider time)
    {
        [Function(nameof(SlowSweep))]
        public Task RunAsync([TimerTrigger("%Schedule%")] TimerInfo timer)
        {
            signals.Note($"{time.GetUtcNow():HH:mm} {timer.IsPastDue}");
            return signals.Released.Task;
        }
    }

    internal sealed class SweepFails(Signals signals)
    {
        [Function(nameof(SweepFails))]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer)
        {
            signals.Note($"{timer.IsPastDue}");
            throw new InvalidOperationException("not now");
        }
    }
}
