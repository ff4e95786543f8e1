using System.Globalization;
using FunctionsBroker.Local.Functions.Timers;

namespace FunctionsBroker.Local.Functions.Tests.Timers;

public sealed class TimerScheduleTests
{
    private static readonly DateTime s_now = new(2026, 3, 1, 12, 0, 30, DateTimeKind.Utc);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T12:05:00")]
    [InlineData("*/10 * * * * *", "2026-03-01T12:00:40")]
    [InlineData("0 30 9 * * Mon-Fri", "2026-03-02T09:30:00")]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00")]
    [InlineData("0 0 * * *", "2026-03-02T00:00:00")]
    [InlineData("00:00:45", "2026-03-01T12:01:15")]
    [InlineData("1.00:00:00", "2026-03-02T12:00:30")]
    public void NextAfter_ByExpression_IsItsNextOccurrence(string expression, string next)
    {
        Assert.Equal(DateTime.Parse(next, CultureInfo.InvariantCulture), TimerSchedule.Parse(expression, TimeZoneInfo.Utc).NextAfter(s_now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whenever")]
    [InlineData("61 * * * * *")]
    [InlineData("* * *")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:05")]
    public void Parse_OfSomethingElse_Fails(string expression)
    {
        var exception = Assert.Throws<FormatException>(() => TimerSchedule.Parse(expression, TimeZoneInfo.Utc));

        Assert.Contains($"'{expression}'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/10 * * * * *", false)]
    [InlineData("00:00:59", false)]
    [InlineData("0 * * * * *", true)]
    [InlineData("* * * * *", true)]
    [InlineData("0,30 0 9 * * *", true)]
    [InlineData("00:01:00", true)]
    public void MayBeMonitored_BelowAMinute_IsFalse(string expression, bool may)
    {
        Assert.Equal(may, TimerSchedule.Parse(expression, TimeZoneInfo.Utc).MayBeMonitored(s_now));
    }

    /// <summary>Source: the rules that the published extension documents for the hours that clocks skip or repeat.</summary>
    [Theory]
    [InlineData("0 30 9 * * *", "2026-01-10T12:00:00", "2026-01-11T08:30:00")]
    [InlineData("0 30 9 * * *", "2026-07-10T12:00:00", "2026-07-11T07:30:00")]
    [InlineData("0 30 2 * * *", "2026-03-28T12:00:00", "2026-03-29T01:30:00")]
    [InlineData("0 30 2 * * *", "2026-10-24T22:00:00", "2026-10-25T00:30:00")]
    [InlineData("0 30 2 * * *", "2026-10-25T00:30:00", "2026-10-26T01:30:00")]
    [InlineData("0 30 2 * * *", "2026-10-25T01:10:00", "2026-10-26T01:30:00")]
    [InlineData("0 */30 * * * *", "2026-10-25T00:30:00", "2026-10-25T01:00:00")]
    [InlineData("0 */30 * * * *", "2026-10-25T01:00:00", "2026-10-25T01:30:00")]
    [InlineData("0 */30 * * * *", "2026-03-29T00:30:00", "2026-03-29T01:00:00")]
    public void NextAfter_InATimeZone_FollowsItsClock(string expression, string now, string next)
    {
        var schedule = TimerSchedule.Parse(expression, TimeZoneInfo.FindSystemTimeZoneById("Europe/Prague"));

        var found = schedule.NextAfter(DateTime.SpecifyKind(DateTime.Parse(now, CultureInfo.InvariantCulture), DateTimeKind.Utc));

        Assert.Equal(DateTime.Parse(next, CultureInfo.InvariantCulture), found);
    }
}
