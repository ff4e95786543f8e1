using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Feeds the session's own process, which stays alive for the next turn.</summary>
public sealed class StreamJsonTransport(ClaudeLauncher launcher, TimeProvider time) : ITransport
{
    /// <summary>In the reply to a turn that was to sum the conversation up.</summary>
    public const string CompactedNotice = "The conversation was summed up.";

    public string Name => ClaudeTransports.StreamJson;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        return turn.Process.Live is ClaudeProcess live
            ? await DeliverAsync(turn, live, null, bounds, stopping)
            : await ProcessStart.RunAsync<ClaudeProcess>(
                turn,
                launcher,
                bounds,
                time,
                (process, notice, left) => DeliverAsync(turn, process, notice, left, stopping),
                stopping);
    }

    private async Task<TransportResult> DeliverAsync(
        TransportTurn turn,
        ClaudeProcess process,
        string? startNotice,
        TurnBounds bounds,
        CancellationToken stopping)
    {
        if (turn.Compacts)
        {
            return await CompactAsync(turn, process, startNotice, bounds, stopping);
        }

        return await PromptDelivery.RunAsync(turn, async delivery =>
        {
            var started = time.GetTimestamp();
            var shortened = await ContextGuard.RelieveAsync(process, turn, bounds, stopping);
            var result = await delivery.AskAsync(
                async (introduced, messageId) => new TransportResult(
                    await process.RunAsync(messageId, introduced.Prompt, bounds.After(time.GetElapsedTime(started)), turn.Observer, stopping)),
                mayBeKnown: process is { Resumed: true, Turns: 0 });
            return result with
            {
                Process = process.Describe(),
                ToolsUsed = process.ToolsUsed,
                Elapsed = time.GetElapsedTime(started),
                Notices = [.. new[] { startNotice }.OfType<string>(), .. result.Notices, .. new[] { shortened }.OfType<string>()],
            };
        });
    }

    // What the CLI says of it in words is why it did not do it, for example "Error: No messages to compact" (measured on 2.1.329).
    private async Task<TransportResult> CompactAsync(
        TransportTurn turn,
        ClaudeProcess process,
        string? startNotice,
        TurnBounds bounds,
        CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        var outcome = await process.CompactAsync(turn.Prompt, bounds, stopping);
        string? notice = null;
        if (outcome is TurnOutcome.Completed(var answer))
        {
            notice = answer.Text.Length == 0 ? CompactedNotice : $"The conversation was not summed up. {answer.Text}";
            outcome = new TurnOutcome.Completed(answer with { Text = string.Empty });
        }

        return new TransportResult(outcome)
        {
            Process = process.Describe(),
            Elapsed = time.GetElapsedTime(started),
            Notices = [.. new[] { startNotice, notice }.OfType<string>()],
        };
    }
}
