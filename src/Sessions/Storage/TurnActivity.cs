using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>A note that turns of a session were created within an hour.</summary>
/// <param name="Hour">The hour's beginning.</param>
public sealed record TurnActivity(SessionId SessionId, DateTimeOffset Hour)
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);

    /// <summary>The end of the hour, which does not belong to it.</summary>
    public DateTimeOffset End => Hour + Length;

    public static DateTimeOffset HourOf(DateTimeOffset time) =>
        new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);
}
