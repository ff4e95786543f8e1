using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.SessionHost.Tests.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

public sealed class BeatClockTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly SteppedTime _time = new();
    private readonly BeatClock _beat;

    public BeatClockTests()
    {
        _time.Advance(s_interval);
        _beat = new BeatClock(s_interval, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void BeforeTheFirstBeat_IsNeitherCurrentNorCutOff()
    {
        _time.Advance(10 * s_interval);
        Assert.Equal((false, false), (_beat.IsCurrent, _beat.IsCutOff));

        Beat();

        Assert.Equal((true, false), (_beat.IsCurrent, _beat.IsCutOff));
    }

    [Fact]
    public void Beats_ThatAreMissing_CutOffBeforeTheFrontGivesUp()
    {
        Beat();

        _time.Advance(2.4 * s_interval);
        Assert.Equal((true, false), (_beat.IsCurrent, _beat.IsCutOff));
        _time.Advance(0.1 * s_interval);
        Assert.Equal((true, true), (_beat.IsCurrent, _beat.IsCutOff));
        _time.Advance(0.5 * s_interval);
        Assert.Equal((false, true), (_beat.IsCurrent, _beat.IsCutOff));
    }

    [Fact]
    public void Gap_ThatEndsBeforeAnybodyLooks_IsRememberedUntilItIsSettled()
    {
        Beat();
        _time.Advance(2.5 * s_interval);

        Beat();
        Assert.True(_beat.IsCutOff);
        _time.Advance(s_interval);
        Beat();
        Assert.True(_beat.IsCutOff);

        _beat.Settle();
        Assert.False(_beat.IsCutOff);
    }

    [Fact]
    public void Settle_WhileBeatsAreMissing_LeavesItCutOff()
    {
        Beat();
        _time.Advance(2.5 * s_interval);

        _beat.Settle();

        Assert.True(_beat.IsCutOff);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Beat_WhoseAnswerTakesLong_CountsFromWhenItWasSent()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var store = new InMemoryHostStore { OnSave = () => _time.Advance(2.4 * s_interval) };
        using var heartbeat = new Heartbeat(
            host.Get<SessionHostOptions>(),
            host.Get<SessionPool>(),
            store,
            _beat,
            host.Get<IServer>(),
            host.Get<IHostApplicationLifetime>(),
            _time,
            NullLogger<Heartbeat>.Instance);

        await heartbeat.BeatAsync(Cancellation);

        Assert.False(_beat.IsCutOff);
        _time.Advance(0.1 * s_interval);
        Assert.True(_beat.IsCutOff);
    }

    private void Beat() => _beat.Note(_time.GetTimestamp());
}
