namespace FunctionsBroker.Sessions.Admission;

/// <summary>What may be said of a session.</summary>
public static class SessionLimits
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    public const int MaxTags = 16;

    /// <summary>The longest tag, in characters.</summary>
    public const int MaxTagLength = 64;

    /// <summary>The longest name of a profile, in characters.</summary>
    public const int MaxProfileLength = 128;

    /// <summary>The highest budget, in US dollars.</summary>
    public const decimal MaxBudgetUsd = 1_000_000;

    /// <summary>The shortest time that a session is kept after its last turn.</summary>
    public static readonly TimeSpan MinTtl = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that a session is kept after its last turn.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(366);
}
