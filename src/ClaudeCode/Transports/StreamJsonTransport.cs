using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Feeds the session's own process, which stays alive for the next turn.</summary>
public sealed class StreamJsonTransport(ClaudeLauncher launcher, TimeProvider time) : ITransport
{
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
}
