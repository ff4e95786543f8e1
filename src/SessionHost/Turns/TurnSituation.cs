using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Where a turn stands when a try has failed.</summary>
internal sealed record TurnSituation
{
    public required ClaudeProfile Profile { get; init; }

    /// <summary>Whether there is a transport to fall back to.</summary>
    public required bool CanFallBack { get; init; }

    /// <summary>How often a process has ended in the middle of the turn, on this transport.</summary>
    public required int Crashes { get; init; }

    /// <summary>How often the model was asked again.</summary>
    public required int Retries { get; init; }

    /// <summary>How long the whole turn may take.</summary>
    public required TimeSpan Max { get; init; }

    /// <summary>What is left of it.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>From 0 to 1; spreads the retries of many turns that failed at once.</summary>
    public required double Jitter { get; init; }
}
