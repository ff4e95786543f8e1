namespace FunctionsBroker.Local.Functions.Http;

/// <summary>Says when HTTP functions that still run after the host was told to stop should end.</summary>
/// <remarks>The web server takes no new request from then on, and waits for those in flight up to the host's shutdown timeout.</remarks>
internal sealed class HttpDrain(TimeProvider time) : IDisposable
{
    /// <summary>Enough for a request that works, and short for one that only waits.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private ITimer? _timer;

    /// <summary>Fires when the grace is over.</summary>
    public CancellationToken Token => _ending.Token;

    public void Begin() => _timer ??= time.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(), _ending, s_grace, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer?.Dispose();
        _ending.Dispose();
    }
}
