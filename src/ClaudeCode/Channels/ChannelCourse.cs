using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Drives a <see cref="ChannelTurn"/>: tells it what happens, looks into the transcript, and does what it says.</summary>
internal sealed class ChannelCourse(
    ActiveChannel active,
    ChannelTranscript transcript,
    ITurnObserver observer,
    TimeProvider time)
{
    /// <summary>How often the transcript is looked at when nothing else happens. An unchanged file costs two system calls.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>The same while the line is waited for that a hook has told of.</summary>
    private static readonly TimeSpan s_lookForFlush = TimeSpan.FromMilliseconds(10);

    private readonly long _started = time.GetTimestamp();
    private Task<bool>? _waiting;

    public async Task<(ChannelEnd End, ChannelTurn Turn)> RunAsync(ChannelTurn turn, ChannelDelivery delivery, CancellationToken stopping)
    {
        await using var stop = stopping.UnsafeRegister(_ => active.Tell(new ChannelNews.StopAsked()), null);
        delivery.Begin();
        ChannelStep step = new ChannelStep.Wait();
        while (true)
        {
            switch (step)
            {
                case ChannelStep.End(var how):
                    return (how, turn);
                case ChannelStep.DeliverAgain:
                    delivery.Begin();
                    break;
                case ChannelStep.Interrupt:
                    await delivery.InterruptAsync();
                    break;
            }

            var happened = await NextAsync(turn);
            Observe(happened);
            (turn, step) = turn.After(happened, Now);
            if (step is ChannelStep.Wait)
            {
                (turn, step) = await LookAsync(turn);
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_started);

    private async Task<(ChannelTurn Turn, ChannelStep Step)> LookAsync(ChannelTurn turn)
    {
        var trace = await transcript.ReadAsync(CancellationToken.None);
        if (trace.IsSeen)
        {
            active.Arrive();
        }

        // What was told before the look comes first: the reply tool is called before the line is written that ends its turn.
        while (active.Events.TryRead(out var told))
        {
            Observe(told);
            (turn, var step) = turn.After(told, Now);
            if (step is not ChannelStep.Wait)
            {
                return (turn, step);
            }
        }

        return turn.After(new ChannelNews.Read(trace), Now);
    }

    private void Observe(ChannelNews happened)
    {
        switch (happened)
        {
            case ChannelNews.Submitted({ } promptId, true):
                transcript.Know(promptId);
                break;
            case ChannelNews.Replied(var text):
                observer.Observe(new TurnProgress.TextDelta(text));
                break;
        }
    }

    private async Task<ChannelNews> NextAsync(ChannelTurn turn)
    {
        var untilDue = turn.Due - Now;
        var lookIn = turn.IsSettling ? s_lookForFlush : s_lookEvery;
        _waiting ??= active.Events.WaitToReadAsync(CancellationToken.None).AsTask();
        try
        {
            await _waiting.WaitAsync(untilDue < lookIn && untilDue > TimeSpan.Zero ? untilDue : lookIn, time);
            _waiting = null;
        }
        catch (TimeoutException)
        {
            // Nothing was told: time to look for oneself.
        }

        return active.Events.TryRead(out var told) ? told
            : active.Questions.Any ? new ChannelNews.Waiting()
            : new ChannelNews.Passed();
    }
}
