using System.Diagnostics;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Submits a turn for an HTTP caller: check, keep, wait.</summary>
internal sealed class TurnSubmitter(TurnRules rules, TurnIntake intake, MailboxRoom room, AdmissionWatch admission, TurnWaiter waiter)
{
    /// <returns>The turn as it is when it has ended or the wait is over, or why it was refused.</returns>
    public async Task<IntakeResult> SubmitAsync(
        SubmitTurnRequest request,
        string? sessionId,
        string turnId,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        return rules.Check(request, sessionId, turnId) switch
        {
            TurnValidation.Invalid invalid => new IntakeResult.Refused(invalid.Problem),
            TurnValidation.Valid valid => await SubmitAsync(valid.Submission, wait, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<IntakeResult> SubmitAsync(
        TurnSubmission submission,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero && await room.FindProblemAsync(submission, durable, cancellationToken) is { } full)
        {
            return new IntakeResult.Refused(full);
        }

        var taken = await intake.SubmitAsync(submission, durable, cancellationToken);
        if (taken is not IntakeResult.Accepted(var accepted, var ended))
        {
            return taken;
        }

        var admitted = await admission.WaitAsync(accepted, cancellationToken);
        var turn = await waiter.WaitAsync(admitted, ended, wait, cancellationToken);
        return AdmissionWatch.FindRefusal(turn) is { } problem ? new IntakeResult.Refused(problem) : new IntakeResult.Accepted(turn);
    }
}
