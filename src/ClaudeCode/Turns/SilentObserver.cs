namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>For turns that nobody listens to: takes no notes and denies what is asked.</summary>
public sealed class SilentObserver : ITurnObserver
{
    private static readonly Task<PermissionDecision> s_denial =
        Task.FromResult<PermissionDecision>(new PermissionDecision.Deny("Nobody is there to allow this."));

    public static SilentObserver Instance { get; } = new();

    public void Observe(TurnProgress progress)
    {
    }

    public Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken) => s_denial;
}
