namespace FunctionsBroker.Soak;

/// <summary>Has one conversation: some turns one by one, some two at a time, some over the queue.</summary>
internal sealed class Traffic(SoakSession session, PersistentClient client, ReplyLog replies)
{
    private const int Cycle = 4;

    // A front that is killed takes the messages that it has received with it, for the ten minutes after which the queue
    // shows them again. A producer that has not got so much time sends them again, under the same turn id.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var next = 0; next < session.Turns.Count;)
        {
            switch (next % Cycle)
            {
                case 0:
                    await AskAsync(session.Turns[next], wait: true, cancellationToken);
                    next++;
                    break;
                case 1:
                    var pair = session.Turns.Skip(next).Take(2).ToList();
                    await AskTogetherAsync(pair, cancellationToken);
                    next += pair.Count;
                    break;
                default:
                    await SendAsync(session.Turns[next], cancellationToken);
                    next++;
                    break;
            }
        }
    }

    private async Task AskAsync(SoakTurn turn, bool wait, CancellationToken cancellationToken)
    {
        await client.SubmitAsync(turn, wait, cancellationToken);
        await FollowAsync(turn, cancellationToken);
    }

    // The second is submitted when the first is known to be kept, so their order is known.
    private async Task AskTogetherAsync(IReadOnlyList<SoakTurn> turns, CancellationToken cancellationToken)
    {
        List<Task> following = [];
        foreach (var turn in turns)
        {
            await client.SubmitAsync(turn, wait: false, cancellationToken);
            following.Add(FollowAsync(turn, cancellationToken));
        }

        await Task.WhenAll(following);
    }

    private async Task SendAsync(SoakTurn turn, CancellationToken cancellationToken)
    {
        while (replies.Of(turn.Id).Count == 0)
        {
            await client.Queue.SendAsync(turn, cancellationToken);
            turn.Sendings++;
            var sent = TimeProvider.System.GetTimestamp();
            while (replies.Of(turn.Id).Count == 0 && TimeProvider.System.GetElapsedTime(sent) < s_patience)
            {
                await Task.Delay(s_look, TimeProvider.System, cancellationToken);
            }
        }

        turn.Ended = await client.EndAsync(turn, cancellationToken);
    }

    private async Task FollowAsync(SoakTurn turn, CancellationToken cancellationToken)
    {
        var listening = client.ListenAsync(turn, cancellationToken);
        turn.Ended = await client.EndAsync(turn, cancellationToken);
        turn.Heard = await listening;
    }
}
