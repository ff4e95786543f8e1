using System.Diagnostics;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Submits a turn for an HTTP caller: check, keep, wait, answer.</summary>
internal sealed class TurnSubmitter(TurnRules rules, TurnIntake intake, TurnWaiter waiter)
{
    public async Task<IResult> SubmitAsync(
        SubmitTurnRequest request,
        string? sessionId,
        string turnId,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        return rules.Check(request, sessionId, turnId) switch
        {
            TurnValidation.Invalid invalid => TurnResults.Problem(invalid.Problem),
            TurnValidation.Valid valid => await SubmitAsync(valid.Submission, wait, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<IResult> SubmitAsync(
        TurnSubmission submission,
        TimeSpan wait,
        DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        await intake.SubmitAsync(submission, durable, cancellationToken) switch
        {
            IntakeResult.Refused refused => TurnResults.Problem(refused.Problem),
            IntakeResult.Accepted accepted => TurnResults.Submitted(
                await waiter.WaitAsync(accepted.Turn, accepted.Ended, wait, cancellationToken)),
            _ => throw new UnreachableException(),
        };
}
