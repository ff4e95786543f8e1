using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>One instance of the front, as far as taking turns in goes. Several may share the storage and the mailboxes.</summary>
internal sealed class FakeFront : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly ReplyQueue _replies = new();
    private readonly ReplySender _sender;
    private readonly HostDirectory _directory;
    private readonly FastDispatch _fast;
    private readonly TurnWaiter _waiter;
    private readonly FakeMailbox _mailbox;

    /// <param name="waiting">The clock of those who wait for a turn's end; null for the system's.</param>
    /// <param name="lines">The clock of the open lines to hosts; null for the system's.</param>
    public FakeFront(InMemoryTurnStore turns, InMemoryHostStore hosts, FakeMailbox mailbox, BrokerOptions settings, TimeProvider? waiting = null, TimeProvider? lines = null)
    {
        var time = TimeProvider.System;
        var notifier = new TurnNotifier();
        _mailbox = mailbox;
        _http.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, "key");
        _directory = new HostDirectory(hosts, time);
        var options = Options.Create(settings);
        var client = new SessionHostClient(_http);
        Open = new OpenTurns(turns, options, time);
        _fast = new FastDispatch(
            new HostTurnRequests(options),
            client,
            Heads = new SessionHeads(turns),
            notifier,
            Publisher = new TurnPublisher(turns, _sender = new ReplySender(turns, _replies), new TurnProbe(turns, _directory, client, time), notifier, Open, lines ?? time, NullLogger<TurnPublisher>.Instance),
            options,
            lines ?? time,
            NullLogger<FastDispatch>.Instance);
        var attachments = new AttachmentKeeper(turns, new InMemoryAttachmentStore());
        Intake = new TurnIntake(turns, [], Open, new MailboxRoom(options), attachments, Heads, _directory, _fast, time, NullLogger<TurnIntake>.Instance);
        _waiter = new TurnWaiter(turns, notifier, Heads, waiting ?? time);
    }

    public SessionHeads Heads { get; }

    public TurnPublisher Publisher { get; }

    /// <summary>The reply messages that it has sent.</summary>
    public IReadOnlyCollection<ReplyMessage> Replies => _replies.Sent;

    public TurnIntake Intake { get; }

    public OpenTurns Open { get; }

    public async Task<IntakeResult.Accepted> AcceptAsync(TurnSubmission submission, CancellationToken cancellationToken) =>
        Assert.IsType<IntakeResult.Accepted>(await SubmitAsync(submission, cancellationToken));

    public Task<IntakeResult> SubmitAsync(TurnSubmission submission, CancellationToken cancellationToken) =>
        Intake.SubmitAsync(submission, _mailbox, cancellationToken);

    /// <summary>Submits and waits for the end, as a caller over HTTP does.</summary>
    public async Task<TurnRecord> AskAsync(TurnSubmission submission)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var accepted = await AcceptAsync(submission, cancellation);
        return await _waiter.WaitAsync(accepted.Turn, accepted.Ended, TimeSpan.FromSeconds(30), cancellation);
    }

    public static TurnSubmission Submission(string turn, string session = "room") => new()
    {
        SessionId = SessionId.Parse(session),
        TurnId = TurnId.Parse(turn),
        Prompt = turn,
    };

    public async ValueTask DisposeAsync()
    {
        await _fast.DisposeAsync();
        _http.Dispose();
        _directory.Dispose();
        Open.Dispose();
        _sender.Dispose();
    }

    private sealed class ReplyQueue : IReplyQueue
    {
        public ConcurrentQueue<ReplyMessage> Sent { get; } = [];

        public Task SendAsync(string queue, ReplyMessage message, CancellationToken cancellationToken)
        {
            Sent.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
