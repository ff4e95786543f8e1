using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary><c>POST /api/inject</c>: <c>{session_id, prompt}</c>, the same as a submission that waits as long as it may.</summary>
internal sealed class InjectFunction(TurnSubmitter submitter, TimeProvider time)
{
    [Function("Inject")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/inject")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.InjectRequest, cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var submission = new SubmitTurnRequest { Prompt = body.Prompt };
        var turnId = TurnIdGeneration.NewTurnId(time).Value;
        return TurnResults.Submitted(await submitter.SubmitAsync(submission, body.SessionId, turnId, WaitPreference.Longest, durable, cancellationToken));
    }
}
