using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Knows who waits for which turn, and cancels a turn for which nobody waits any more.</summary>
/// <remarks>This API has no call to cancel: its clients close the connection.</remarks>
internal sealed partial class ChatPresence(ITurnStore turns, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ChatPresence> logger)
{
    /// <summary>How long a turn goes on for a caller who was not answered: the published clients ask again within 8 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(SessionId, TurnId), int> _callers = [];

    /// <summary>A caller waits for a turn.</summary>
    public Attendance Attend(TurnRecord turn, DurableTaskClient durable)
    {
        lock (_lock)
        {
            _callers[(turn.SessionId, turn.TurnId)] = CountOf(turn) + 1;
        }

        return new Attendance(this, turn, durable);
    }

    private int CountOf(TurnRecord turn) => _callers.GetValueOrDefault((turn.SessionId, turn.TurnId));

    private void Leave(TurnRecord turn, DurableTaskClient durable, TimeSpan? patience)
    {
        var leftAt = time.GetUtcNow();
        lock (_lock)
        {
            var left = CountOf(turn) - 1;
            if (left > 0)
            {
                _callers[(turn.SessionId, turn.TurnId)] = left;
                return;
            }

            _callers.Remove((turn.SessionId, turn.TurnId));
        }

        // The connections of an instance that goes break as well; its callers have not left.
        if (patience is { } given && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            _ = CancelAsync(turn, durable, leftAt, given);
        }
    }

    private async Task CancelAsync(TurnRecord turn, DurableTaskClient durable, DateTimeOffset leftAt, TimeSpan patience)
    {
        try
        {
            await Task.Delay(patience, time, lifetime.ApplicationStopping);
            lock (_lock)
            {
                if (CountOf(turn) > 0)
                {
                    return;
                }
            }

            if (await turns.FindAsync(turn.SessionId, turn.TurnId, CancellationToken.None) is { Value: var now }
                && !now.Status.IsTerminal()
                && (now.JoinedAt is null || now.JoinedAt < leftAt))
            {
                LogLeft(turn.TurnId.Value, turn.SessionId.Value);
                await SessionEntity.CancelAsync(durable, now, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // This instance goes; the turn goes on.
        }
        catch (Exception exception)
        {
            // The turn goes on to its end, which costs something and harms nobody.
            LogNotCancelled(exception, turn.TurnId.Value, turn.SessionId.Value);
        }
    }

    [LoggerMessage(EventIds.ChatLeft, LogLevel.Information, "Turn {TurnId} of session {SessionId} is cancelled: nobody waits for it any more")]
    private partial void LogLeft(string turnId, string sessionId);

    [LoggerMessage(EventIds.ChatNotCancelled, LogLevel.Warning, "Turn {TurnId} of session {SessionId} could not be cancelled; nobody waits for it any more")]
    private partial void LogNotCancelled(Exception exception, string turnId, string sessionId);

    /// <summary>One caller's waiting for one turn.</summary>
    internal sealed class Attendance(ChatPresence presence, TurnRecord turn, DurableTaskClient durable) : IDisposable
    {
        private bool _ended;

        /// <summary>How long the turn goes on should the caller leave now; null for as long as it takes.</summary>
        public TimeSpan? Patience { get; set; } = ChatPresence.Patience;

        /// <summary>The caller has what there is to have.</summary>
        public void Answered() => Patience = null;

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                presence.Leave(turn, durable, Patience);
            }
        }
    }
}
