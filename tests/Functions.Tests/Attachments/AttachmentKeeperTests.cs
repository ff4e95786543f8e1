using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Tests.Events;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Attachments;

public sealed class AttachmentKeeperTests
{
    private readonly InMemoryTurnStore _turns = new();
    private readonly InMemoryAttachmentStore _store = new();
    private readonly AttachmentKeeper _keeper;

    public AttachmentKeeperTests() => _keeper = new AttachmentKeeper(_turns, _store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_NewTurn_HasItsAttachmentsBeforeItIsThere()
    {
        var submission = With("aGk=");
        await _keeper.KeepAsync(submission, Cancellation);

        var kept = await _keeper.ReadAsync(TurnRows.Queued() with { AttachmentSetId = submission.Attachments?.Id }, Cancellation);

        Assert.Equal(submission.Attachments?.Attachments, kept);
    }

    [Fact]
    public async Task Keep_RepeatedRequest_WritesNothingAgain()
    {
        await _turns.AddAsync(TurnRows.Queued(), "hi", Cancellation);

        await _keeper.KeepAsync(With("aGk="), Cancellation);

        Assert.Equal(0, _store.Saves);
    }

    [Fact]
    public async Task Release_RefusedRequest_LeavesOnlyWhatTheKeptTurnHas()
    {
        var (kept, refused) = (With("aGk="), With("aGo="));
        await _keeper.KeepAsync(kept, Cancellation);
        await _keeper.KeepAsync(refused, Cancellation);

        await _keeper.ReleaseAsync(refused, kept.Attachments?.Id, Cancellation);
        await _keeper.ReleaseAsync(kept with { Prompt = "other" }, kept.Attachments?.Id, Cancellation);

        Assert.Equal([kept.Attachments!.Id], _store.SetIds);
    }

    [Fact]
    public async Task Read_TurnWithoutAttachments_HasNone()
    {
        Assert.Empty((await _keeper.ReadAsync(TurnRows.Queued(), Cancellation))!);
    }

    [Fact]
    public async Task Read_LostAttachments_IsNotTheSameAsNone()
    {
        Assert.Null(await _keeper.ReadAsync(TurnRows.Queued() with { AttachmentSetId = "lost" }, Cancellation));
    }

    private static TurnSubmission With(string data) => new()
    {
        SessionId = TurnRows.Session,
        TurnId = TurnRows.Turn,
        Prompt = "hi",
        Attachments = AttachmentSet.Of([new Attachment { Name = "a.txt", MediaType = "text/plain", Data = data }]),
    };
}
