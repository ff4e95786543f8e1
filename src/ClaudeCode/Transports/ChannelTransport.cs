using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Pushes prompts through an MCP channel into the session's own interactive process, which stays alive for the next turn.</summary>
/// <remarks>
/// A push counts as delivered only when there is a sign of that: a hook, a line of the transcript, a reply. Without one
/// the process is ended before another transport is given the turn, so that it never runs twice.
/// </remarks>
public sealed class ChannelTransport(ChannelLauncher launcher, TimeProvider time) : ITransport
{
    public string Name => ClaudeTransports.Channel;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        if (turn.Prompt.Attachments.Count > 0)
        {
            return ProcessStart.NotStarted(ProblemCatalogue.ChannelUnsuited("A message of a channel is a text; it has no attachments."));
        }

        var (settled, notice) = await ChannelRecovery.FindAsync(turn);
        if (settled is not null)
        {
            return settled;
        }

        var result = turn.Process.Live is ChannelProcess { IsUsable: true } live ? await DeliverAsync(turn, live, null, bounds, stopping)
            : launcher.WhyUnusable(turn.Conversation.Profile) is { } problem ? ProcessStart.NotStarted(problem)
            : await StartAsync(turn, bounds, stopping);
        return notice is null ? result : result with { Notices = [notice, .. result.Notices] };
    }

    private Task<TransportResult> StartAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping) =>
        ProcessStart.RunAsync<ChannelProcess>(
            turn,
            launcher,
            bounds,
            time,
            (process, notice, left) => DeliverAsync(turn, process, notice, left, stopping),
            stopping);

    private async Task<TransportResult> DeliverAsync(TransportTurn turn, ChannelProcess process, string? startNotice, TurnBounds bounds, CancellationToken stopping) =>
        await PromptDelivery.RunAsync(turn, async delivery =>
        {
            var started = time.GetTimestamp();
            var toolsUsed = false;
            var result = await delivery.AskAsync(
                async (introduced, _) =>
                {
                    var outcome = await process.RunAsync(introduced.Prompt, bounds, turn.Observer, stopping);
                    toolsUsed = outcome.ToolsUsed;
                    return new TransportResult(outcome.Outcome);
                },
                mayBeKnown: turn.MayHaveRun);
            return result with
            {
                Process = process.Describe(),
                ToolsUsed = toolsUsed,
                Elapsed = time.GetElapsedTime(started),
                Notices = [.. new[] { startNotice, process.Typed ? ChannelLauncher.TypedNotice : null }.OfType<string>(), .. result.Notices],
            };
        });
}
