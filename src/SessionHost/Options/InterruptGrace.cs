namespace FunctionsBroker.SessionHost.Options;

/// <summary>How long a process may take to break a turn off that is stopped; then it is killed. No setting: only tests change it.</summary>
internal sealed record InterruptGrace(TimeSpan Value)
{
    public static InterruptGrace Default { get; } = new(TimeSpan.FromSeconds(5));
}
