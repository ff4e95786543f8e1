using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Functions.Events;

/// <summary>How far a listener has come. It is all in the id of its last event, so any instance of the front can go on from there.</summary>
/// <param name="Stage">What the listener was told last.</param>
/// <param name="Attempt">The attempt whose events it has; 0 for none.</param>
/// <param name="HostEventId">The last of them by the id that its host gave it; null before the first.</param>
/// <param name="Position">Its place among those that wait, as told last; 0 for none.</param>
internal sealed record EventCursor(EventStage Stage, int Attempt = 0, string? HostEventId = null, int Position = 0)
{
    private const string EndedId = "end";
    private const char Accepted = 'a';
    private const char Queued = 'q';
    private const char Reset = 'r';
    private const char Started = 's';
    private const char Replaced = 'x';
    private const char Told = 't';
    private const char Separator = '.';

    /// <summary>Reads the id of an event.</summary>
    /// <returns>One of stage <see cref="EventStage.Unknown"/> for an id that this version has not made.</returns>
    public static EventCursor Parse(string? id) =>
        id switch
        {
            null or "" => new EventCursor(EventStage.Nothing),
            EndedId => new EventCursor(EventStage.Ended),
            [Accepted] => new EventCursor(EventStage.Accepted),
            [Replaced] => new EventCursor(EventStage.Replaced),
            [Told] => new EventCursor(EventStage.Told),
            [Queued, .. var place] when Number(place) is { } position => new EventCursor(EventStage.Accepted, Position: position),
            [Reset, .. var number] when Number(number) is { } attempt => new EventCursor(EventStage.Reset, attempt),
            [Started, .. var rest] when Number(rest.Split(Separator)[0]) is { } attempt =>
                new EventCursor(EventStage.Following, attempt, rest.Split(Separator, 2) is [_, var told] ? told : null),
            _ => new EventCursor(EventStage.Unknown),
        };

    /// <summary>The id of the event that brought the listener here.</summary>
    public override string ToString() =>
        Stage switch
        {
            EventStage.Accepted when Position == 0 => $"{Accepted}",
            EventStage.Accepted => string.Create(CultureInfo.InvariantCulture, $"{Queued}{Position}"),
            EventStage.Reset => string.Create(CultureInfo.InvariantCulture, $"{Reset}{Attempt}"),
            EventStage.Following when HostEventId is null => string.Create(CultureInfo.InvariantCulture, $"{Started}{Attempt}"),
            EventStage.Following => string.Create(CultureInfo.InvariantCulture, $"{Started}{Attempt}{Separator}{HostEventId}"),
            EventStage.Replaced => $"{Replaced}",
            EventStage.Told => $"{Told}",
            EventStage.Ended => EndedId,
            _ => throw new UnreachableException(),
        };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

/// <summary>What a listener was told last.</summary>
internal enum EventStage
{
    /// <summary>Its id is not one of ours: what it shows is unknown.</summary>
    Unknown,

    Nothing,

    /// <summary>That the turn is kept, and perhaps its place among those that wait.</summary>
    Accepted,

    /// <summary>To drop what it shows, because another attempt has begun.</summary>
    Reset,

    /// <summary>That an attempt has begun, and what happened in it.</summary>
    Following,

    /// <summary>To drop what it shows, because the reply comes whole.</summary>
    Replaced,

    /// <summary>The whole reply's text.</summary>
    Told,

    /// <summary>The last event.</summary>
    Ended,
}
