using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Feeds the session's own process, which stays alive for the next turn.</summary>
public sealed class StreamJsonTransport(TimeProvider time) : ITransport
{
    public string Name => ClaudeTransports.StreamJson;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        return await turn.Process.UseAsync(stopping) switch
        {
            ClaudeLaunchResult.Started(var process, var notice) => await RunAsync(turn, process, notice, bounds, stopping),
            ClaudeLaunchResult.Failed(var problem) => new TransportResult(new TurnOutcome.NotStarted(problem)),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<TransportResult> RunAsync(
        TransportTurn turn,
        ClaudeProcess process,
        string? startNotice,
        TurnBounds bounds,
        CancellationToken stopping)
    {
        var transcript = turn.Conversation.Folders.Transcript(turn.Conversation.ClaudeSessionId);
        var started = time.GetTimestamp();
        var (outcome, notice) = await TurnDelivery.RunAsync(process, transcript, turn.Prompt, bounds, turn.Observer, stopping);
        return new TransportResult(outcome)
        {
            Process = new TurnProcess
            {
                Pid = process.Identity.Pid,
                StartedAt = process.StartedAt,
                Turn = process.Turns,
                Resumed = process.Resumed,
            },
            Elapsed = time.GetElapsedTime(started),
            Notices = [.. new[] { startNotice, notice }.OfType<string>()],
        };
    }
}
