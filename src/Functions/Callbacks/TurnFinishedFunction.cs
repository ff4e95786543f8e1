using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Callbacks;

/// <summary><c>POST /api/callbacks/turns</c>: a session host says that an attempt has ended.</summary>
/// <remarks>Hosts have a secret or an identity of their own for this call; it is not a function key.</remarks>
internal sealed partial class TurnFinishedFunction(
    ITurnStore turns,
    TurnPublisher publisher,
    TurnNotifier notifier,
    TimeProvider time,
    CallerGate gate,
    ILogger<TurnFinishedFunction> logger)
{
    // What has ended is kept for longer than this before its orchestration is purged.
    private static readonly TimeSpan s_purged = TimeSpan.FromMinutes(5);

    [Function("TurnFinished")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/callbacks/turns")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!await gate.AdmitsAsync(request.Headers[BrokerHeaders.CallbackKey], request.Headers.Authorization))
        {
            return TurnResults.Problem(ProblemCatalogue.Unauthorized());
        }

        var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.TurnFinished, cancellationToken);
        if (!read.TryGet(out var finished, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        if (!SessionId.TryParse(finished.SessionId, out var session) || !TurnId.TryParse(finished.TurnId, out var turn))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidRequest("The session id or the turn id is not valid."));
        }

        return await RaiseAsync(finished, session, turn, durable, cancellationToken);
    }

    private async Task<IResult> RaiseAsync(
        TurnFinished finished,
        SessionId session,
        TurnId turn,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (finished.Outcome == AttemptOutcome.Completed)
        {
            // The reply is in the table: whoever waits can have it before the orchestration goes on.
            notifier.Announce(session, turn);
        }

        var instance = StorageKeys.TurnInstanceId(session, turn);
        try
        {
            await durable.RaiseEventAsync(instance, TurnOrchestration.TurnFinishedEvent, finished, cancellationToken);
            return Results.NoContent();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Back ends differ in what they throw at an event for nobody; what they say of the instance is the same.
            var instanceNow = await durable.GetInstanceAsync(instance, cancellationToken);
            if (instanceNow is { IsCompleted: false })
            {
                throw;
            }

            LogNobodyWaits(turn.Value, session.Value, exception.Message);
            return instanceNow is null ? await BeginAsync(finished, session, turn, durable, cancellationToken) : Results.NoContent();
        }
    }

    /// <summary>A turn may have been given to its host ahead of its mailbox, by a front that has died since.</summary>
    private async Task<IResult> BeginAsync(TurnFinished finished, SessionId session, TurnId turn, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await turns.FindAsync(session, turn, cancellationToken) is not { Value: var row })
        {
            return TurnResults.Problem(ProblemCatalogue.TurnNotFound());
        }

        if (row.IsSettled || (row.Status.IsTerminal() && time.GetUtcNow() - row.Timings.FinishedAt > s_purged))
        {
            return Results.NoContent();
        }

        if (row.Origin is not null)
        {
            await publisher.PublishHeardAsync(row, cancellationToken);
            return Results.NoContent();
        }

        // Its orchestration waits for this call, which comes again.
        var dispatched = row is { Status: TurnStatus.Running, Attempts: [.., var last] } && last.Epoch == finished.Epoch
            ? new TurnDispatch(new Placement(last.HostId, last.Epoch), [])
            : null;
        await SessionEntity.SubmitAsync(durable, row, dispatched, cancellationToken);
        return TurnResults.Problem(ProblemCatalogue.TurnNotBegun());
    }

    [LoggerMessage(EventIds.CallbackForNobody, LogLevel.Information, "A host called back for turn {TurnId} of session {SessionId}, for which no orchestration waits: {Reason}")]
    private partial void LogNobodyWaits(string turnId, string sessionId, string reason);
}
