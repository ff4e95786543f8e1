using System.Diagnostics;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Asks what has become of a turn that a host was given: its row first, which counts, then the host.</summary>
internal sealed class TurnProbe(ITurnStore turns, HostDirectory hosts, SessionHostClient client, TimeProvider time)
{
    /// <summary>Finds out what has become of a running turn.</summary>
    public Task<ProbeOutcome> AskAsync(ProbeTurn input, CancellationToken cancellationToken) =>
        AskAsync(input, host => client.ProbeAsync(host, input.SessionId, input.TurnId, cancellationToken), cancellationToken);

    /// <summary>Asks the host to stop the turn, and finds out what has become of it.</summary>
    public Task<ProbeOutcome> CancelAsync(ProbeTurn input, CancellationToken cancellationToken) =>
        AskAsync(input, host => client.CancelAsync(host, input.SessionId, input.TurnId, cancellationToken), cancellationToken);

    private async Task<ProbeOutcome> AskAsync(
        ProbeTurn input,
        Func<HostRecord, Task<HostAnswer>> ask,
        CancellationToken cancellationToken)
    {
        if (await FindEndAsync(input, cancellationToken) is { } ended)
        {
            return ended;
        }

        var known = await hosts.ListAsync(cancellationToken);
        var host = known.FirstOrDefault(candidate => candidate.HostId == input.Placement.HostId);
        if (host is null)
        {
            return new ProbeOutcome { Lost = true };
        }

        return await ask(host) switch
        {
            HostAnswer.Holds { Turn.State: HostTurnState.Running } => new ProbeOutcome(),
            HostAnswer.Holds holds when holds.Turn.Epoch == input.Placement.Epoch => new ProbeOutcome { Finished = holds.Turn.Finished },

            // The host began anew, or the end of the turn came between the two questions.
            HostAnswer.Holds or HostAnswer.Refuses => await FindEndAsync(input, cancellationToken) ?? new ProbeOutcome { Lost = true },
            HostAnswer.Silent when !host.IsAliveAt(time.GetUtcNow()) => new ProbeOutcome { Lost = true },
            HostAnswer.Silent => new ProbeOutcome { Silent = true },
            _ => throw new UnreachableException(),
        };
    }

    private async Task<ProbeOutcome?> FindEndAsync(ProbeTurn input, CancellationToken cancellationToken)
    {
        var found = await turns.FindAsync(input.SessionId, input.TurnId, cancellationToken);
        return found is { Value.Status: TurnStatus.Completed }
            ? new ProbeOutcome
            {
                Finished = new TurnFinished
                {
                    SessionId = input.SessionId.Value,
                    TurnId = input.TurnId.Value,
                    Epoch = input.Placement.Epoch,
                    Outcome = AttemptOutcome.Completed,
                },
            }
            : null;
    }
}
