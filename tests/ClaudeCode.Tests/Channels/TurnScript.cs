using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>Tells a <see cref="ChannelTurn"/> what happens, and keeps what it says.</summary>
internal sealed class TurnScript(ChannelBounds bounds, TurnBounds limits, int maxDeliveries = 2)
{
    private TimeSpan _now;

    public ChannelTurn Turn { get; private set; } = ChannelTurn.Begin(bounds, limits, maxDeliveries);

    public ChannelStep Step { get; private set; } = new ChannelStep.Wait();

    /// <summary>All ends that it has named.</summary>
    public List<ChannelEnd> Ends { get; } = [];

    public ChannelEnd End => Assert.Single(Ends);

    public TurnScript At(double seconds)
    {
        _now = TimeSpan.FromSeconds(seconds);
        return this;
    }

    public TurnScript Happens(ChannelNews happened)
    {
        (Turn, Step) = Turn.After(happened, _now);
        if (Step is ChannelStep.End(var how))
        {
            Ends.Add(how);
        }

        return this;
    }

    public void IsWaiting() => Assert.IsType<ChannelStep.Wait>(Step);

    /// <summary>Lets time pass as its owner does, until it has ended.</summary>
    public void RunOut()
    {
        for (var turns = 0; !Turn.HasEnded; turns++)
        {
            Assert.True(turns < 100, "It never ends.");
            _now = _now < Turn.Due ? Turn.Due : _now;
            Happens(new ChannelNews.Passed());
        }
    }
}
