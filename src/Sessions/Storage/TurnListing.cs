using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>A turn's place in the list of its session, which is ordered by time. Its text is what a caller names to read on from it.</summary>
public sealed record TurnListing(TurnId TurnId, DateTimeOffset CreatedAt)
{
    private const char Separator = '~';

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TurnListing? listing)
    {
        listing = text?.Split(Separator) is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && TurnId.TryParse(id, out var turn)
                ? new TurnListing(turn, new DateTimeOffset(ticks, TimeSpan.Zero))
                : null;
        return listing is not null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.UtcTicks:d19}{Separator}{TurnId.Value}");
}
