using System.Text;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Events;

public sealed class TurnEventSourceTests : IAsyncLifetime
{
    private readonly InMemoryTurnStore _turns = new();
    private readonly InMemoryHostStore _hosts = new();
    private EventFront _front = null!;
    private ScriptedHost _host = null!;
    private ScriptedHost _otherHost = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await StartHostAsync("host-1");
        _otherHost = await StartHostAsync("host-2");
        _front = new EventFront(_turns, _hosts);
        await _turns.AddAsync(TurnRows.Queued(), "hi", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _front.Dispose();
        await _host.DisposeAsync();
        await _otherHost.DisposeAsync();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatCompletes_TellsItFromItsAcceptanceToItsOneEnd()
    {
        await using var reader = _front.Listen(await ReadAsync());
        Assert.IsType<TurnEvent.Accepted>(await reader.NextAsync());

        await MoveAsync(turn => turn.RunOn(_host.HostId));
        TellAll(_host, new TurnEvent.Started(TurnRows.Began), new TurnEvent.Delta("fo"), Tool, Asked, new TurnEvent.Delta("ur"));
        await reader.UntilAsync<TurnEvent.Permission>();
        _host.Tell(Completed("four"));

        Assert.Equal("four", Assert.IsType<TurnEvent.Completed>(await reader.EndAsync()).Reply.Text);
        Assert.Equal("accepted started delta tool permission delta completed", reader.Names);
        Assert.Equal("four", reader.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatWaits_IsToldItsPlaceAndEveryChange()
    {
        var mailbox = new FixedMailbox { Position = 2 };
        await using var reader = _front.Listen(await ReadAsync(), mailbox: mailbox);

        Assert.Equal(2, (await reader.UntilAsync<TurnEvent.Queued>()).Position);
        mailbox.Position = 1;
        Assert.Equal(1, (await reader.UntilAsync<TurnEvent.Queued>()).Position);
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        _host.Tell(Completed("four"));

        await reader.EndAsync();
        Assert.Equal("accepted queued queued started completed", reader.Names);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatThisInstanceDispatches_IsFollowedWithoutWaitingForTheClock()
    {
        using var front = new EventFront(_turns, _hosts, new ListeningPace { FirstPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(1) });
        await using var reader = front.Listen(await ReadAsync());
        await reader.NextAsync();
        var next = reader.NextAsync();

        await MoveAsync(turn => turn.RunOn(_host.HostId));
        front.Notifier.Announce(TurnRows.Session, TurnRows.Turn);

        Assert.IsType<TurnEvent.Started>(await next);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatEndsWithoutAnAttempt_IsToldAtOnceByWhoeverEndsIt()
    {
        using var front = new EventFront(_turns, _hosts, new ListeningPace { FirstPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(1) });
        await using var reader = front.Listen(await ReadAsync());
        await reader.NextAsync();
        var next = reader.NextAsync();

        await MoveAsync(turn => turn.End(TurnStatus.Cancelled, ProblemCatalogue.SessionQueueFull(1)));
        front.Notifier.Announce(TurnRows.Session, TurnRows.Turn);

        Assert.Equal(TurnStatus.Cancelled, Assert.IsType<TurnEvent.Failed>(await next).Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_HostThatDoesNotKnowTheTurnYet_IsAskedAgain()
    {
        _host.KnowsTurn = false;
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using var reader = _front.Listen(await ReadAsync());
        await reader.NextAsync();
        var next = reader.NextAsync();
        await Eventually.BecomesTrueAsync(() => _host.Asked > 2, Cancellation);

        _host.KnowsTurn = true;

        Assert.IsType<TurnEvent.Started>(await next);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_ConnectionThatBreaks_GoesOnWhereItLeftOff()
    {
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using var reader = _front.Listen(await ReadAsync());
        _host.Tell(new TurnEvent.Delta("fo"));
        await reader.UntilAsync<TurnEvent.Delta>();

        _host.Break();
        TellAll(_host, new TurnEvent.Delta("ur"), Completed("four"));

        await reader.EndAsync();
        Assert.Equal("accepted started delta delta completed", reader.Names);
        Assert.Equal("four", reader.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatGoesToAnotherHost_IsResetAndToldFromThere()
    {
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using var reader = _front.Listen(await ReadAsync());
        _host.Tell(new TurnEvent.Delta("wro"));
        await reader.UntilAsync<TurnEvent.Delta>();

        // It hangs: the connection stays open and says nothing.
        await MoveAsync(turn => turn.RunOn(_otherHost.HostId));
        TellAll(_otherHost, new TurnEvent.Delta("right"), Completed("right"));

        await reader.EndAsync();
        Assert.Equal("accepted started delta reset started delta completed", reader.Names);
        Assert.Equal("right", reader.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_AttemptThatFailsOnItsHost_IsNotTheTurnsEnd()
    {
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        TellAll(_host, new TurnEvent.Delta("wro"), new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.HostDraining()));
        await using var reader = _front.Listen(await ReadAsync());
        await reader.UntilAsync<TurnEvent.Delta>();
        var next = reader.NextAsync();
        await Eventually.BecomesTrueAsync(() => _host.Asked > 1, Cancellation);

        await MoveAsync(turn => turn.RunOn(_otherHost.HostId));
        _otherHost.Tell(Completed("right"));

        Assert.IsType<TurnEvent.Reset>(await next);
        Assert.Equal("right", Assert.IsType<TurnEvent.Completed>(await reader.EndAsync()).Reply.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatEndsWhileItsHostHangs_EndsAsItsRowSays()
    {
        using var front = new EventFront(_turns, _hosts, EventFront.Busy with { Grace = TimeSpan.FromMilliseconds(50) });
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using var reader = front.Listen(await ReadAsync());
        _host.Tell(new TurnEvent.Delta("fo"));
        await reader.UntilAsync<TurnEvent.Delta>();

        await MoveAsync(turn => turn.End(TurnStatus.Expired, ProblemCatalogue.TurnTimedOut(TimeSpan.FromMinutes(1))));

        Assert.Equal(TurnStatus.Expired, Assert.IsType<TurnEvent.Failed>(await reader.EndAsync()).Status);
        Assert.Equal("accepted started delta failed", reader.Names);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatEndedOnAHostWhichStillTells_IsToldWhole()
    {
        await MoveAsync(turn => turn.RunOn(_host.HostId).Complete("four", TurnRows.Began.AddMinutes(1)));
        TellAll(_host, new TurnEvent.Delta("fo"), Tool, new TurnEvent.Delta("ur"), Completed("four"));

        await using var reader = _front.Listen(await ReadAsync());

        await reader.EndAsync();
        Assert.Equal("accepted started delta tool delta completed", reader.Names);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnLongEnded_HasItsReplyInOnePieceAndOneEnd()
    {
        _host.KnowsTurn = false;
        await MoveAsync(turn => turn.RunOn(_host.HostId).Complete("four", TurnRows.Began.AddMinutes(1)));

        await using var reader = _front.Listen(await ReadAsync());

        Assert.Equal("four", Assert.IsType<TurnEvent.Completed>(await reader.EndAsync()).Reply.Text);
        Assert.Equal("accepted started delta completed", reader.Names);
        Assert.Equal("four", reader.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_WhatTheHostNoLongerKeeps_IsReplacedByTheWholeReply()
    {
        _host.KnowsTurn = false;
        await MoveAsync(turn => turn.RunOn(_host.HostId).Complete("four", TurnRows.Began.AddMinutes(1)));

        await using var reader = _front.Listen(await ReadAsync(), "s1.host-1.1-1");

        await reader.EndAsync();
        Assert.Equal("reset delta completed", reader.Names);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_AfterTheLastEvent_IsToldNothing()
    {
        await using var reader = _front.Listen(await ReadAsync(), "end");

        Assert.Null(await reader.NextAsync());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_AtAnotherInstanceFromAnyEvent_IsToldExactlyTheRest()
    {
        using var other = new EventFront(_turns, _hosts);
        await MoveAsync(turn => turn.RunOn("gone").RunOn(_host.HostId));
        TellAll(_host, new TurnEvent.Delta("fo"), Tool, new TurnEvent.Delta("ur"), Completed("four"));
        await using var whole = _front.Listen(await ReadAsync());
        await whole.EndAsync();

        for (var cut = 0; cut < whole.Told.Count; cut++)
        {
            await using var rest = other.Listen(await ReadAsync(), whole.Told[cut].Id);
            while (await rest.NextAsync() is not null)
            {
            }

            Assert.Equal(whole.Told[(cut + 1)..].Select(Show), rest.Told.Select(Show));
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_StorageThatIsAwayForAWhile_IsAskedAgain()
    {
        await using var reader = _front.Listen(await ReadAsync());
        await reader.NextAsync();
        var next = reader.NextAsync();
        var failures = 0;
        _turns.OnFind = () => throw new IOException($"Away {Interlocked.Increment(ref failures)}");
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref failures) > 2, Cancellation);

        _turns.OnFind = () => { };
        await MoveAsync(turn => turn.RunOn(_host.HostId));

        Assert.IsType<TurnEvent.Started>(await next);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_ListenerThatGoes_LetsGoOfTheHost()
    {
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using (var reader = _front.Listen(await ReadAsync()))
        {
            await reader.UntilAsync<TurnEvent.Started>();
            Assert.Equal(1, _host.Listeners);
        }

        await Eventually.BecomesTrueAsync(() => _host.Listeners == 0, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_ConnectionThatStaysQuiet_IsOpenedAnewWithoutLoss()
    {
        using var front = new EventFront(_turns, _hosts, EventFront.Busy with { Quiet = TimeSpan.FromMilliseconds(30) });
        await MoveAsync(turn => turn.RunOn(_host.HostId));
        await using var reader = front.Listen(await ReadAsync());
        _host.Tell(new TurnEvent.Delta("fo"));
        await reader.UntilAsync<TurnEvent.Delta>();
        var next = reader.NextAsync();
        await Eventually.BecomesTrueAsync(() => _host.Asked > 2, Cancellation);

        _host.Tell(new TurnEvent.Delta("ur"));

        Assert.Equal(new TurnEvent.Delta("ur"), await next);
        Assert.Equal("accepted started delta delta", reader.Names);
    }

    private static TurnEvent Tool { get; } = new TurnEvent.Tool("tool-1", ToolState.Started) { Name = "Bash", Input = "{}" };

    private static TurnEvent Asked { get; } = new TurnEvent.Permission("request1", PermissionState.Asked) { ToolName = "Bash" };

    private static TurnEvent.Completed Completed(string text) => new(TurnRows.ReplyOf(text));

    private static string Show(NumberedEvent told) => $"{told.Id} {Encoding.UTF8.GetString(TurnEventJson.Write(told.Event))}";

    private static void TellAll(ScriptedHost host, params TurnEvent[] events)
    {
        foreach (var turnEvent in events)
        {
            host.Tell(turnEvent);
        }
    }

    private async Task<ScriptedHost> StartHostAsync(string hostId)
    {
        var host = await ScriptedHost.StartAsync(hostId);
        await _hosts.SaveAsync(host.Record, Cancellation);
        return host;
    }

    private async Task<TurnRecord> ReadAsync() => (await FindAsync()).Value;

    private async Task MoveAsync(Func<TurnRecord, TurnRecord> move)
    {
        var found = await FindAsync();
        await _turns.UpdateAsync(found, move(found.Value), Cancellation);
    }

    private async Task<Versioned<TurnRecord>> FindAsync() => (await _turns.FindAsync(TurnRows.Session, TurnRows.Turn, Cancellation))!;
}
