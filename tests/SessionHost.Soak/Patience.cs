namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Waits for as long as the test itself may take: a turn of these tests may need minutes on a busy machine.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
