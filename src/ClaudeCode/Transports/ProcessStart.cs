using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Starts a session's process in the time of a turn, for the transports whose process stays alive.</summary>
internal static class ProcessStart
{
    /// <param name="launcher">Of the kind of process that the transport feeds.</param>
    /// <param name="deliver">Gives the turn to the process; is told what its reader should know of the start, and what is left of the time.</param>
    public static async Task<TransportResult> RunAsync<TProcess>(
        TransportTurn turn,
        IProcessLauncher launcher,
        TurnBounds bounds,
        TimeProvider time,
        Func<TProcess, string?, TurnBounds, Task<TransportResult>> deliver,
        CancellationToken stopping)
        where TProcess : class, IClaudeProcess
    {
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(bounds.Start, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            return await turn.Process.StartAsync(launcher, giveUp.Token) switch
            {
                ClaudeLaunchResult.Started(TProcess process, var notice) => await deliver(process, notice, bounds.After(time.GetElapsedTime(started))),
                ClaudeLaunchResult.Failed(var problem) => NotStarted(problem),
                _ => throw new UnreachableException(),
            };
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return NotStarted(stopping.IsCancellationRequested
                ? ProblemCatalogue.Interrupted()
                : ProblemCatalogue.ProcessStartFailed($"It was not ready within {bounds.Start.TotalSeconds:0} seconds."));
        }
    }

    /// <summary>Nobody was given the prompt.</summary>
    public static TransportResult NotStarted(Problem problem) => new(new TurnOutcome.NotStarted(problem));
}
