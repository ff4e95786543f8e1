using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Tells of the first tool that is called in a turn, and passes everything on.</summary>
/// <param name="called">Must return at once.</param>
internal sealed class ToolWatch(ITurnObserver observer, Action called) : ITurnObserver
{
    private bool _called;

    public void Observe(TurnProgress progress)
    {
        if (progress is TurnProgress.ToolStarted && !_called)
        {
            _called = true;
            called();
        }

        observer.Observe(progress);
    }

    public Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken) =>
        observer.DecideAsync(question, cancellationToken);
}
