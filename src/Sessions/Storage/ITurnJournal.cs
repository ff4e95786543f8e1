using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>Which sessions had new turns, by the hour: how old and open turns are found without reading all there are.</summary>
/// <remarks><see cref="ITurnStore"/> writes a note before a turn counts as kept, so no turn is without one.</remarks>
public interface ITurnJournal
{
    /// <summary>The notes of the hours from one time to another, in the order of time.</summary>
    /// <param name="since">A time in the first hour; null begins with the first note.</param>
    /// <param name="until">The time by which the last hour has begun.</param>
    IAsyncEnumerable<TurnActivity> ListAsync(DateTimeOffset? since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Drops a note.</summary>
    Task RemoveAsync(TurnActivity activity, CancellationToken cancellationToken);
}

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
