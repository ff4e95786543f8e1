namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>Is told what happens in a turn while it runs, and answers what the CLI asks in it.</summary>
public interface ITurnObserver
{
    /// <summary>Takes note of something.</summary>
    /// <remarks>Called by the child's only reader, one call at a time, in the order of events: it must return at once and never throw.</remarks>
    void Observe(TurnProgress progress);

    /// <summary>Decides whether a tool may run, or answers a question that a tool asks the user.</summary>
    /// <remarks>May take as long as it needs: the turn's idle limit stands still meanwhile. Several may be open at once.</remarks>
    /// <param name="cancellationToken">Cancelled when the CLI no longer wants the answer or the turn has ended.</param>
    Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken);
}
