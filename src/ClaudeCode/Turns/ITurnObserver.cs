using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>Is told what happens in a turn while it runs, and answers what the CLI asks in it.</summary>
public interface ITurnObserver
{
    /// <summary>Takes note of something.</summary>
    /// <remarks>Called by the child's only reader, one call at a time, in the order of events: it must return at once and never throw.</remarks>
    void Observe(TurnProgress progress);

    /// <summary>A tool is about to run, and waits until this has ended.</summary>
    /// <remarks>The turn's idle limit stands still meanwhile. Several may be open at once.</remarks>
    /// <param name="cancellationToken">Cancelled when the turn has ended.</param>
    Task BeforeToolAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Decides whether a tool may run, or answers a question that a tool asks the user.</summary>
    /// <remarks>May take as long as it needs: the turn's idle limit stands still meanwhile. Several may be open at once.</remarks>
    /// <param name="cancellationToken">Cancelled when the CLI no longer wants the answer or the turn has ended.</param>
    Task<PermissionDecision> DecideAsync(PermissionQuestion question, CancellationToken cancellationToken);
}

/// <summary>The CLI asks whether a tool may run. A tool that asks the user something asks in this way too.</summary>
/// <param name="RequestId">Made by the CLI, unique within a process.</param>
/// <param name="Input">The tool's arguments.</param>
/// <param name="Description">For a person; the CLI's own words.</param>
/// <param name="ToolUseId">The call, as in <see cref="TurnProgress.ToolStarted"/>.</param>
public sealed record PermissionQuestion(string RequestId, string ToolName, JsonElement Input, string? Description, string? ToolUseId);

/// <summary>The answer to a <see cref="PermissionQuestion"/>.</summary>
public abstract record PermissionDecision
{
    private PermissionDecision()
    {
    }

    /// <param name="UpdatedInput">An object that takes the place of the tool's arguments; null leaves them. For a tool that asks the user something, where the answer is.</param>
    public sealed record Allow(JsonElement? UpdatedInput = null) : PermissionDecision;

    /// <param name="Message">Told to the model.</param>
    /// <param name="Interrupt">Whether the turn ends with it.</param>
    public sealed record Deny(string Message, bool Interrupt = false) : PermissionDecision;
}

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
