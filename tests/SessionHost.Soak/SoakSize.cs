namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Whether the soaks run whole, or short as in a run of all tests: variable <c>BROKER_SOAK=full</c>.</summary>
internal static class SoakSize
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("BROKER_SOAK") == "full";
}
