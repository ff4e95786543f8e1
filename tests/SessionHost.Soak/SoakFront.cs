using System.Net;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>Plays the front's part: opens an attempt, hands it to the host, and begins the next when one has failed in a way that may pass.</summary>
internal sealed class SoakFront(SoakHost host)
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs a turn to its end.</summary>
    /// <returns>The turn's row.</returns>
    public async Task<TurnRecord> RunAsync(string session, string turnId, string prompt)
    {
        var (sessionId, turn) = (SessionId.Parse(session), TurnId.Parse(turnId));
        await host.Turns.AddAsync(
            new TurnRecord
            {
                SessionId = sessionId,
                TurnId = turn,
                Status = TurnStatus.Queued,
                RequestHash = "hash",
                Timings = new TurnTimings { CreatedAt = TimeProvider.System.GetUtcNow() },
            },
            prompt,
            Cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var row = await host.Turns.FindAsync(sessionId, turn, Cancellation);
            await host.Turns.UpdateAsync(row!, TurnAttempts.Begin(row!.Value, SoakHost.HostId, 1, null, TimeProvider.System.GetUtcNow()), Cancellation);
            await DispatchAsync(session, new HostTurnRequest
            {
                TurnId = turnId,
                Epoch = 1,
                Attempt = attempt,
                Prompt = prompt,
                CallbackUrl = host.Callbacks.Url,
            });
            await Patience.UntilAsync(() => Finished(session, turnId).Count >= attempt);
            if (Finished(session, turnId)[^1].Problem is not { Retryable: true } problem || attempt == MaxAttempts)
            {
                return (await host.Turns.FindAsync(sessionId, turn, Cancellation))!.Value;
            }

            // A session that is suspended for its crashes says for how long.
            await Task.Delay(TimeSpan.FromSeconds(problem.RetryAfterSeconds ?? 0), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>What the host has said of a turn.</summary>
    public IReadOnlyList<TurnFinished> Finished(string session, string turnId) =>
        [.. host.Callbacks.Received.Select(call => call.Finished).Where(finished => finished.SessionId == session && finished.TurnId == turnId)];

    // A host whose processes are all busy is asked again, as the front does.
    private async Task DispatchAsync(string session, HostTurnRequest request)
    {
        while (true)
        {
            using var response = await host.PostAsync(session, request);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                return;
            }

            await Task.Delay(s_pause, TimeProvider.System, Cancellation);
        }
    }
}
