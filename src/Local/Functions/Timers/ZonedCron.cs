using NCrontab;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>An NCRONTAB expression in a time zone, by the real host's rules for the hours that a change of clocks skips or repeats.</summary>
/// <remarks>
/// A time that the clocks skip comes an hour later. In an hour that comes twice, an interval goes on through both, and a
/// point in time comes once, in the first.
/// </remarks>
internal sealed class ZonedCron(CrontabSchedule cron, TimeZoneInfo zone)
{
    // The fields from hours down say whether the expression repeats within a day, and so whether it is an interval.
    private readonly bool _isInterval = cron.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) is var fields
        && fields.Take(fields.Length - 3).Any(field => field.AsSpan().IndexOfAny("*/-") >= 0);

    /// <summary>Returns the next occurrence after a time, both in UTC.</summary>
    public DateTime NextAfter(DateTime time)
    {
        var now = new DateTimeOffset(time, TimeSpan.Zero);
        var offset = zone.GetUtcOffset(now);
        var wall = now.ToOffset(offset).DateTime;
        var next = cron.GetNextOccurrence(wall);
        if (_isInterval)
        {
            var repeats = zone.IsAmbiguousTime(now) || zone.IsAmbiguousTime(next);
            return ToUtc(next, repeats ? offset : zone.GetUtcOffset(next));
        }

        if (zone.IsAmbiguousTime(next))
        {
            var first = ToUtc(next, zone.GetAmbiguousTimeOffsets(next).Max());
            if (first > time)
            {
                return first;
            }

            // The second time round: it has been.
            while (zone.IsAmbiguousTime(next))
            {
                next = cron.GetNextOccurrence(next);
            }
        }

        return ToUtc(next, zone.GetUtcOffset(next));
    }

    private static DateTime ToUtc(DateTime wall, TimeSpan offset) => new DateTimeOffset(wall, offset).UtcDateTime;
}
