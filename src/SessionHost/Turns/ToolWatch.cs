using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Tells of the first tool that is called in a turn, and passes everything on.</summary>
/// <param name="called">Tools wait for the task, where the CLI asks before it begins them.</param>
internal sealed class ToolWatch(ITurnObserver observer, Func<Task> called) : ITurnObserver
{
    private readonly Lock _lock = new();
    private Task? _telling;

    public void Observe(TurnProgress progress)
    {
        if (progress is TurnProgress.ToolStarted)
        {
            _ = TellAsync();
        }

        observer.Observe(progress);
    }

    public Task BeforeToolAsync(CancellationToken cancellationToken) => TellAsync().WaitAsync(cancellationToken);

    public Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken) =>
        observer.DecideAsync(question, cancellationToken);

    private Task TellAsync()
    {
        lock (_lock)
        {
            return _telling ??= called();
        }
    }
}
