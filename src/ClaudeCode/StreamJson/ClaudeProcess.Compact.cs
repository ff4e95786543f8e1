using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

public sealed partial class ClaudeProcess
{
    /// <summary>The CLI's own command. Measured on 2.1.329: sent as a line of its own between turns it asks the model for a summary, with
    /// which the conversation goes on under the same id; its <c>result</c> is a success without text.</summary>
    private const string CompactCommand = "/compact";

    /// <summary>Has the conversation summed up, between turns.</summary>
    /// <returns>Whether it was; the conversation goes on either way.</returns>
    public async Task<bool> CompactAsync(TurnPrompt next, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(next);

        var command = new TurnPrompt(next.SessionId, next.TurnId, CompactCommand);
        var outcome = await RunAsync(Guid.NewGuid(), command, bounds, SilentObserver.Instance, stopping);
        if (outcome is not TurnOutcome.Completed)
        {
            return false;
        }

        _context.Shortened();
        return true;
    }
}
