namespace FunctionsBroker.Soak;

/// <summary>Something that was killed or stopped.</summary>
internal sealed record Strike(StrikeKind Kind, DateTimeOffset At);
