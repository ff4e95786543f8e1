using System.Diagnostics;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Submits a turn for an HTTP caller: check, keep, wait.</summary>
internal sealed class TurnSubmitter(TurnRules rules, TurnIntake intake, AdmissionWatch admission, TurnWaiter waiter)
{
    /// <returns>The turn as it is when it has ended or the wait is over, or why it was refused.</returns>
    public async Task<IntakeResult> SubmitAsync(
        SubmitTurnRequest request,
        string? sessionId,
        string turnId,
        string? caller,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        return rules.Check(request, sessionId, turnId) switch
        {
            TurnValidation.Invalid invalid => new IntakeResult.Refused(invalid.Problem),
            TurnValidation.Valid valid => await SubmitAsync(valid.Submission with { Caller = caller }, wait, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<IntakeResult> SubmitAsync(
        TurnSubmission submission,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var taken = await TakeAsync(submission, durable, cancellationToken);
        return taken is IntakeResult.Accepted(var accepted, var ended)
            ? Judge(await waiter.WaitAsync(accepted, ended, wait, cancellationToken), null)
            : taken;
    }

    /// <summary>Submits a turn that was checked, without a wait for its end.</summary>
    public async Task<IntakeResult> TakeAsync(TurnSubmission submission, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var taken = await intake.SubmitAsync(submission, durable, cancellationToken);
        return taken is IntakeResult.Accepted(var accepted, var ended)
            ? Judge(await admission.WaitAsync(accepted, cancellationToken), ended)
            : taken;
    }

    private static IntakeResult Judge(TurnRecord turn, Task<TurnRecord?>? ended) =>
        AdmissionWatch.FindRefusal(turn) is { } problem ? new IntakeResult.Refused(problem) : new IntakeResult.Accepted(turn, ended);
}
