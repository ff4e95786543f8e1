using System.Globalization;
using NCrontab;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>When a timer function runs. Times in and out are UTC; an NCRONTAB expression is read in a time zone.</summary>
internal sealed class TimerSchedule
{
    private static readonly TimeSpan s_shortestMonitored = TimeSpan.FromMinutes(1);

    private readonly Func<DateTime, DateTime> _next;
    private readonly bool _mayBeFrequent;

    private TimerSchedule(Func<DateTime, DateTime> next, bool mayBeFrequent)
    {
        _next = next;
        _mayBeFrequent = mayBeFrequent;
    }

    /// <summary>Reads an NCRONTAB expression of six fields (seconds first) or five, or a time span that is an interval.</summary>
    /// <exception cref="FormatException">It is none of these; the message says which part of it is not.</exception>
    public static TimerSchedule Parse(string text, TimeZoneInfo zone)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 1 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
        {
            return new TimerSchedule(after => after + interval, mayBeFrequent: true);
        }

        try
        {
            var cron = new ZonedCron(CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields.Length != 5 }), zone);

            // As on the real host, an expression is only looked at for its frequency if all but its seconds is open.
            return new TimerSchedule(cron.NextAfter, mayBeFrequent: fields.Skip(1).All(field => field == "*"));
        }
        catch (CrontabException exception)
        {
            throw new FormatException($"'{text}' is neither an NCRONTAB expression nor a time span of more than zero. {exception.Message}", exception);
        }
    }

    public DateTime NextAfter(DateTime time) => _next(time);

    /// <summary>Whether occurrences are at least a minute apart: the real host keeps no state of faster schedules.</summary>
    public bool MayBeMonitored(DateTime now)
    {
        var first = NextAfter(now);
        return !_mayBeFrequent || NextAfter(first) - first >= s_shortestMonitored;
    }
}
