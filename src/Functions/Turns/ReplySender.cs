using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Sends the reply messages of turns that have ended, a few at a time.</summary>
/// <remarks>
/// The message goes out before the row says so: a crash between the two sends the same reply again, under the same turn
/// id, and never loses it. What a crash repeats is thus what was on its way just then, and without a bound a slow queue
/// would make that every turn that has ended lately.
/// </remarks>
internal sealed class ReplySender(ITurnStore turns, IReplyQueue replies) : IDisposable
{
    /// <summary>How many replies may be on their way: so many may be repeated by a crash of this instance.</summary>
    public const int MaxOnTheirWay = 4;

    private readonly SemaphoreSlim _room = new(MaxOnTheirWay);

    /// <summary>Sends the turn's reply where one is wanted and its row does not say that it was sent.</summary>
    /// <param name="ended">The row as it was just read.</param>
    public async Task SendAsync(Versioned<TurnRecord> ended, CancellationToken cancellationToken)
    {
        if (ended.Value is not { ReplyTo: { } queue, Published: false })
        {
            return;
        }

        var atOnce = await _room.WaitAsync(TimeSpan.Zero, cancellationToken);
        if (!atOnce)
        {
            await _room.WaitAsync(cancellationToken);
        }

        try
        {
            // Whoever had to wait may have been overtaken by another run of the same step.
            var row = atOnce ? ended : await turns.FindAsync(ended.Value.SessionId, ended.Value.TurnId, cancellationToken);
            if (row is { Value: { Published: false } turn })
            {
                await replies.SendAsync(queue, turn.ToReplyMessage(), cancellationToken);
                await turns.UpdateAsync(row, turn with { Published = true }, cancellationToken);
            }
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
