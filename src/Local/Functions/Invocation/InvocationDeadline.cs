namespace FunctionsBroker.Local.Functions.Invocation;

/// <summary>Cancels an invocation when host.json's <c>functionTimeout</c> has passed.</summary>
/// <remarks>The real host then also replaces the worker process; here a function that ignores its token runs on.</remarks>
internal sealed class InvocationDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    public InvocationDeadline(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _source, timeout, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }
}
