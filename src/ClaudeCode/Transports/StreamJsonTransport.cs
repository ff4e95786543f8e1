using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Feeds the session's own process, which stays alive for the next turn.</summary>
public sealed class StreamJsonTransport(TimeProvider time) : ITransport
{
    public string Name => ClaudeTransports.StreamJson;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        if (turn.Process.Live is { } live)
        {
            return await RunAsync(turn, live, null, bounds, stopping);
        }

        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(bounds.Start, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            return await turn.Process.StartAsync(giveUp.Token) switch
            {
                ClaudeLaunchResult.Started(var process, var notice) =>
                    await RunAsync(turn, process, notice, bounds.After(time.GetElapsedTime(started)), stopping),
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

    private async Task<TransportResult> RunAsync(
        TransportTurn turn,
        ClaudeProcess process,
        string? startNotice,
        TurnBounds bounds,
        CancellationToken stopping)
    {
        var untold = await turn.Untold.ReadAsync();
        if (Recovery.Of(turn, untold) is { } recovered)
        {
            return recovered;
        }

        var prompt = UntoldExchanges.Introduce(untold, turn.Prompt);
        var started = time.GetTimestamp();
        var shortened = await ContextGuard.RelieveAsync(process, turn, bounds, stopping);
        var delivery = await turn.Deliver(prompt).RunAsync(
            messageId => process.RunAsync(messageId, prompt, bounds.After(time.GetElapsedTime(started)), turn.Observer, stopping),
            turn.FirstGeneration,
            mayBeKnown: process is { Resumed: true, Turns: 0 });
        var told = untold.Count > 0 && delivery.Outcome is TurnOutcome.Completed;
        if (told)
        {
            turn.Untold.Clear();
        }

        return new TransportResult(delivery.Outcome)
        {
            Process = process.Describe(),
            ToolsUsed = process.ToolsUsed,
            Elapsed = time.GetElapsedTime(started),
            NextGeneration = delivery.NextGeneration,
            Notices = [.. new[] { startNotice, delivery.Notice, told ? UntoldExchanges.ToldNotice : null, shortened }.OfType<string>()],
        };
    }
}
