using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary>The calls that submit, show and cancel turns.</summary>
internal sealed class TurnFunctions(TurnSubmitter submitter, ITurnStore turns, TurnWaiter waiter, TimeProvider time)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary><c>POST /api/sessions/{sessionId}/turns</c>: submit a turn, and wait for its reply where the caller prefers to.</summary>
    [Function("SubmitTurn")]
    public async Task<IResult> SubmitAsync(
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

        return await SubmitAsync(request, body, sessionId, durable, cancellationToken);
    }

    /// <summary><c>POST /api/sessions/{sessionId}/clear</c>: a turn that begins a new conversation and has no prompt.</summary>
    [Function("ClearSession")]
    public Task<IResult> ClearAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/clear")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        SubmitAsync(request, new SubmitTurnRequest { Command = "clear" }, sessionId, durable, cancellationToken);

    /// <summary><c>POST /api/sessions/{sessionId}/compact</c>: a turn that has the conversation summed up and has no prompt.</summary>
    [Function("CompactSession")]
    public Task<IResult> CompactAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/compact")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        SubmitAsync(request, new SubmitTurnRequest { Command = "compact" }, sessionId, durable, cancellationToken);

    /// <summary><c>POST /api/inject</c>: <c>{session_id, prompt}</c>, the same as a submission that waits as long as it may.</summary>
    [Function("Inject")]
    [ForEveryCaller]
    public async Task<IResult> InjectAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/inject")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.InjectRequest, cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var caller = request.GetCaller();
        if (SessionId.TryParse(body.SessionId, out var session) && caller.FindProblem(session) is { } foreign)
        {
            return TurnResults.Problem(foreign);
        }

        var submission = new SubmitTurnRequest { Prompt = body.Prompt };
        var turnId = TurnIdGeneration.NewTurnId(time).Value;
        return TurnResults.Submitted(await submitter.SubmitAsync(submission, body.SessionId, turnId, caller.Name, WaitPreference.Longest, durable, cancellationToken));
    }

    /// <summary><c>GET /api/sessions/{sessionId}/turns/{turnId}</c>: a turn's status and reply.</summary>
    [Function("GetTurn")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}/turns/{turnId}")] HttpRequest request,
        string sessionId,
        string turnId,
        CancellationToken cancellationToken) =>
        AnswerAsync(sessionId, turnId, turn => Task.FromResult(TurnResults.Turn(turn)), cancellationToken);

    /// <summary><c>POST /api/sessions/{sessionId}/turns/{turnId}/cancel</c>: a turn that waits does not run any more, one that runs is stopped.</summary>
    [Function("CancelTurn")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/turns/{turnId}/cancel")] HttpRequest request,
        string sessionId,
        string turnId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        AnswerAsync(
            sessionId,
            turnId,
            async turn =>
            {
                if (turn.Status.IsTerminal())
                {
                    return TurnResults.Turn(turn);
                }

                await SessionEntity.CancelAsync(durable, turn, cancellationToken);
                return TurnResults.Submitted(await waiter.WaitAsync(turn, WaitPreference.Read(request), cancellationToken));
            },
            cancellationToken);

    private async Task<IResult> SubmitAsync(
        HttpRequest request,
        SubmitTurnRequest body,
        string sessionId,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var turnId = request.Headers[IdempotencyKey].FirstOrDefault() ?? TurnIdGeneration.NewTurnId(time).Value;
        return TurnResults.Submitted(await submitter.SubmitAsync(body, PathSegment.Decode(sessionId), turnId, request.GetCaller().Name, WaitPreference.Read(request), durable, cancellationToken));
    }

    /// <summary>Finds the turn that the path names.</summary>
    private async Task<IResult> AnswerAsync(string sessionId, string turnId, Func<TurnRecord, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        if (!TurnPath.TryRead(sessionId, turnId, out var session, out var turn, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        return await turns.FindAsync(session, turn, cancellationToken) is { } found
            ? await answer(found.Value)
            : TurnResults.Problem(ProblemCatalogue.TurnNotFound());
    }
}
