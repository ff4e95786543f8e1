namespace FunctionsBroker.Functions.Events;

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
