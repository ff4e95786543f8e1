using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Activities: retries, failures, what their inputs and outputs keep; and the timers of orchestrations.</summary>
public sealed class ActivityTests(PlatformFixture platform) : PlatformTest(platform)
{
    private const string OutOfPaper = "FunctionsBroker.PlatformApp.OutOfPaperException";

    // Durable Functions, error handling: automatic retry on failure; the maximum counts the first attempt.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_activity_is_retried_up_to_its_maximum_of_attempts()
    {
        var id = await StartAsync("Retry", new { Key = PlatformFixture.NewId(), Times = 2, MaxAttempts = 3 });

        Assert.Equal(3, await OutputAsync<int>(id));
    }

    // As above. Measured: the output is plain text, not JSON, and the failure's details are not there.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_orchestration_fails_with_its_activity_and_its_output_is_plain_text()
    {
        var id = await StartAsync("Retry", new { Key = PlatformFixture.NewId(), Times = 3, MaxAttempts = 3 });

        var ended = await EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.StartsWith("Microsoft.DurableTask.TaskFailedException: Task 'FailTimes'", ended.SerializedOutput, StringComparison.Ordinal);
        Assert.EndsWith("Attempt 3 fails.", ended.SerializedOutput, StringComparison.Ordinal);
    }

    // Microsoft.DurableTask.Abstractions, TaskFailureDetails.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_failure_carries_its_type_its_message_and_its_cause()
    {
        var failure = await OutputAsync<Inspection>(await StartAsync("Inspect", null));

        Assert.Equal(new Inspection(OutOfPaper, "No paper: \u201ctray 2\u201d is empty.", IsKnown: true, "System.IO.FileNotFoundException"), failure);
    }

    // Durable Functions, serialization: System.Text.Json in the isolated worker. The host passes values on as JSON and must not
    // take text for dates; what is over 45 KB it keeps in blobs.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Inputs_and_outputs_keep_text_dates_and_numbers_of_any_size()
    {
        var parcel = new Parcel(
            string.Concat(Enumerable.Repeat("\u00e4\u2028\"\\ \ud83d\ude00 <&>", 20_000)),
            "2026-01-02T03:04:05.6789+05:00",
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(5)).AddTicks(1_234_567),
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            TimeSpan.FromSeconds(1.5),
            long.MaxValue,
            0.1 + 0.2,
            DayOfWeek.Friday,
            Nothing: null);

        Assert.Equal(parcel, await OutputAsync<Parcel>(await StartAsync("SendParcel", parcel)));
    }

    // Measured: up to 0.93 s early, with the fraction of the second, so never by a whole one. No document says it.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_timer_fires_at_most_a_second_early_by_the_orchestration_s_own_clock()
    {
        var first = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3);
        var due = Enumerable.Range(0, 15).Select(number => first.AddMilliseconds(137 * number)).ToArray();
        var ids = await Task.WhenAll(due.Select(time => StartAsync("Alarm", time)));

        foreach (var (time, id) in due.Zip(ids))
        {
            var woke = await OutputAsync<DateTime>(id);
            Assert.True(woke > time.AddSeconds(-1), $"It woke at {woke:O} for {time:O}.");
        }
    }

    private sealed record Inspection(string ErrorType, string Message, bool IsKnown, string? InnerType);

    private sealed record Parcel(
        string Text, string DateLike, DateTimeOffset At, DateTime Utc, TimeSpan Span, long Number, double Fraction, DayOfWeek Day, string? Nothing);
}
