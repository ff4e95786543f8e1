using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary><c>POST /api/sessions/{sessionId}/turns</c>: submit a turn, and wait for its reply where the caller prefers to.</summary>
internal sealed class SubmitTurnFunction(TurnSubmitter submitter, TimeProvider time)
{
    private const string IdempotencyKey = "Idempotency-Key";

    [Function("SubmitTurn")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/turns")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var read = await RequestBody.ReadAsync(
            request,
            ContractsJsonContext.Default.SubmitTurnRequest,
            TurnLimits.MaxBodyBytesWithAttachments,
            cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var turnId = request.Headers[IdempotencyKey].FirstOrDefault() ?? TurnIdGeneration.NewTurnId(time).Value;
        return TurnResults.Submitted(await submitter.SubmitAsync(body, sessionId, turnId, WaitPreference.Read(request), durable, cancellationToken));
    }
}
