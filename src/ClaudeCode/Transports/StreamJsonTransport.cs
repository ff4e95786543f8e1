using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Feeds the session's own process, which stays alive for the next turn.</summary>
public sealed class StreamJsonTransport(ClaudeLauncher launcher, TimeProvider time) : ITransport
{
    public string Name => ClaudeTransports.StreamJson;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        if (turn.Process.Live is ClaudeProcess live)
        {
            return await DeliverAsync(turn, live, null, bounds, stopping);
        }

        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(bounds.Start, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            return await turn.Process.StartAsync(launcher, giveUp.Token) switch
            {
                ClaudeLaunchResult.Started(ClaudeProcess process, var notice) =>
                    await DeliverAsync(turn, process, notice, bounds.After(time.GetElapsedTime(started)), stopping),
                ClaudeLaunchResult.Failed(var problem) => new TransportResult(new TurnOutcome.NotStarted(problem)),
                _ => throw new UnreachableException(),
            };
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return new TransportResult(new TurnOutcome.NotStarted(stopping.IsCancellationRequested
                ? ProblemCatalogue.Interrupted()
                : ProblemCatalogue.ProcessStartFailed($"It was not ready within {bounds.Start.TotalSeconds:0} seconds.")));
        }
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
