using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>Every order of events, and long random ones: there is exactly one end, and it is the turn's own.</summary>
public sealed class ChannelTurnExplorationTests
{
    private const string Mine = "p1";
    private const string Other = "p0";
    private static readonly ChannelBounds s_bounds = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    private static readonly TurnBounds s_limits = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(4));

    private static readonly ChannelNews[] s_events =
    [
        new ChannelNews.Submitted(Mine, IsMine: true),
        new ChannelNews.Submitted(null, IsMine: true),
        new ChannelNews.Submitted(Other, IsMine: false),
        new ChannelNews.Stopped(Mine, "mine"),
        new ChannelNews.Stopped(Other, "other"),
        new ChannelNews.Stopped(null, "nobody's"),
        new ChannelNews.StopFailed(Mine, "server_error", "mine"),
        new ChannelNews.StopFailed(Other, "server_error", "other"),
        new ChannelNews.Read(new ChannelTrace()),
        new ChannelNews.Read(new ChannelTrace { Lines = 1, PromptId = Mine }),
        new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = Mine, Answer = "mine" }),
        new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = Mine, Answer = "mine", IsOver = true }),
        new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = Mine, IsInterrupted = true }),
        new ChannelNews.Replied("mine"),
        new ChannelNews.StopAsked(),
        new ChannelNews.ProcessEnded(),
        new ChannelNews.Passed(),
        new ChannelNews.Waiting(),
    ];

    [Fact]
    public void After_EveryOrderOfFourEvents_ThereIsOneEndAndItIsTheTurnsOwn()
    {
        var sequences = 0;
        foreach (var a in s_events)
        {
            foreach (var b in s_events)
            {
                foreach (var c in s_events)
                {
                    foreach (var d in s_events)
                    {
                        Check([a, b, c, d], 0.4);
                        sequences++;
                    }
                }
            }
        }

        Assert.Equal(s_events.Length * s_events.Length * s_events.Length * s_events.Length, sequences);
    }

    [Fact]
    public void After_LongRandomOrdersAtAnyTime_ThereIsOneEndAndItIsTheTurnsOwn()
    {
        var orders = from events in Gen.Elements(s_events).ArrayOf(40)
                     from pace in Gen.Choose(0, 3000)
                     select (Events: events, Pace: pace / 1000.0);
        Prop.ForAll(orders.ToArbitrary(), order => Check(order.Events, order.Pace)).QuickCheckThrowOnFailure();
    }

    /// <param name="pace">Seconds between two events.</param>
    private static void Check(ChannelNews[] events, double pace)
    {
        var run = new TurnScript(s_bounds, s_limits);
        for (var index = 0; index < events.Length; index++)
        {
            run.At(index * pace).Happens(events[index]);
        }

        run.RunOut();
        run.Happens(new ChannelNews.Stopped(Mine, "mine")).Happens(new ChannelNews.ProcessEnded());

        var end = run.End;
        Assert.InRange(run.Turn.Deliveries, 1, 2);
        switch (end)
        {
            case ChannelEnd.Answered(var text):
                Assert.True(text.Split("\n\n").All(part => part is "mine" or ""), $"It took '{text}' for its answer.");
                Assert.True(events.Any(IsSignOfMine), "It was answered though nothing had arrived.");
                break;
            case ChannelEnd.Undelivered:
                Assert.Equal(2, run.Turn.Deliveries);
                Assert.False(run.Turn.HasArrived);
                break;
            case ChannelEnd.Lost:
                Assert.Contains(events, happened => happened is ChannelNews.ProcessEnded);
                break;
        }
    }

    private static bool IsSignOfMine(ChannelNews happened) =>
        happened is ChannelNews.Submitted(_, true) or ChannelNews.Replied or ChannelNews.Read { Trace.IsSeen: true };
}
