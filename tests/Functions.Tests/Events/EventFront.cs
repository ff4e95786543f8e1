using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>One instance of the front, as far as listening goes. Several may share the storage.</summary>
internal sealed class EventFront : IDisposable
{
    /// <summary>Looks often, so that nothing waits for the clock, and is patient with a host that still tells.</summary>
    public static readonly ListeningPace Busy = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(2),
        LongestPause = TimeSpan.FromMilliseconds(10),
        Settled = TimeSpan.FromMilliseconds(8),
        Look = TimeSpan.FromMilliseconds(10),
        Grace = TimeSpan.FromSeconds(30),
        Replayable = TimeSpan.MaxValue,
    };

    private readonly HttpClient _http = new();
    private readonly HostDirectory _directory;

    public EventFront(InMemoryTurnStore turns, InMemoryHostStore hosts, ListeningPace? pace = null)
    {
        _directory = new HostDirectory(hosts, TimeProvider.System);
        _http.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, "key");
        Source = new TurnEventSource(
            turns,
            _directory,
            new HostEventsClient(_http),
            Notifier,
            pace ?? Busy,
            TimeProvider.System,
            NullLogger<TurnEventSource>.Instance);
    }

    public TurnNotifier Notifier { get; } = new();

    public TurnEventSource Source { get; }

    public EventReader Listen(TurnRecord turn, string? lastEventId = null, IMailboxView? mailbox = null) =>
        new(Source, turn, lastEventId, mailbox ?? new FixedMailbox());

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }
}
