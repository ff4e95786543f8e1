namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>The moment from which the host no longer waits for anything.</summary>
internal sealed class HostEnd : IDisposable
{
    private readonly CancellationTokenSource _aborting = new();

    public CancellationToken Aborting => _aborting.Token;

    public void Abort() => _aborting.Cancel();

    public void Dispose() => _aborting.Dispose();
}
