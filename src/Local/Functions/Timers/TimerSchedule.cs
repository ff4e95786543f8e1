using System.Globalization;
using NCrontab;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>When a timer function runs, in UTC.</summary>
internal sealed class TimerSchedule
{
    private static readonly TimeSpan s_shortestMonitored = TimeSpan.FromMinutes(1);

    private readonly Func<DateTime, DateTime> _next;

    private TimerSchedule(Func<DateTime, DateTime> next) => _next = next;

    /// <summary>Reads an NCRONTAB expression of six fields (seconds first) or five, or a time span that is an interval.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static TimerSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields == 1 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
        {
            return new TimerSchedule(after => after + interval);
        }

        var cron = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 })
            ?? throw new FormatException($"'{text}' is neither an NCRONTAB expression nor a time span.");
        return new TimerSchedule(cron.GetNextOccurrence);
    }

    public DateTime NextAfter(DateTime time) => _next(time);

    /// <summary>Whether occurrences are at least a minute apart: the real host keeps no state of faster schedules.</summary>
    public bool MayBeMonitored(DateTime now)
    {
        var first = NextAfter(now);
        return NextAfter(first) - first >= s_shortestMonitored;
    }
}
