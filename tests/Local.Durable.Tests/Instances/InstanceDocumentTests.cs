using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Tests.Instances;

public sealed class InstanceDocumentTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Apply_EventToNobody_IsDropped()
    {
        InstanceDocument document = Accept(InstanceDocument.Empty, new Message.EventSubmitted("x", "E", null));

        Assert.True(document.IsEmpty);
    }

    [Fact]
    public void Apply_EventAfterARequestedStart_IsKept()
    {
        InstanceDocument document = Accept(InstanceDocument.Empty, Start("x"), new Message.EventSubmitted("x", "E", null));

        Assert.Equal(2, document.Inbox.Count);
        Assert.True(document.IsActive);
    }

    [Fact]
    public void Apply_EndOfAnExecution_DropsWhatWasMeantForIt_AndKeepsTheNextStart()
    {
        InstanceDocument document = Accept(
            InstanceDocument.Empty, Start("x"), new Message.EventSubmitted("x", "old", null), Start("x"), new Message.EventSubmitted("x", "new", null));

        InstanceDocument ended = document.Apply(
            new LogEntry.EpisodeCommitted(
                "x", [document.Inbox[0].Id], Begun(), [], new EpisodeOutcome(OrchestrationRuntimeStatus.Completed), null, s_now),
            "x",
            2);

        Assert.Equal(document.Inbox.Skip(2), ended.Inbox);
        Assert.Empty(ended.Orchestration?.History ?? []);
    }

    [Fact]
    public void Apply_MessageToAnother_ChangesNothing()
    {
        InstanceDocument document = Accept(InstanceDocument.Empty, Start("y"));

        Assert.Same(InstanceDocument.Empty, document);
    }

    [Fact]
    public void Apply_Purge_LeavesNothing()
    {
        InstanceDocument document = Accept(InstanceDocument.Empty, Start("x"));

        Assert.True(document.Apply(new LogEntry.InstancePurged("x"), "x", 2).IsEmpty);
    }

    [Fact]
    public void MessageIds_RiseWithTheLog_AndDifferInAnEntry()
    {
        long[] ids = [LogEntry.MessageId(1, 0), LogEntry.MessageId(1, 1), LogEntry.MessageId(2, 0)];

        Assert.Equal(ids.Order().Distinct(), ids);
    }

    [Fact]
    public void Summary_OfAnEndedInstanceThatIsToStartAgain_IsPending()
    {
        InstanceDocument document = Accept(InstanceDocument.Empty, Start("x"));
        document = document.Apply(
            new LogEntry.EpisodeCommitted(
                "x", [document.Inbox[0].Id], Begun(), [], new EpisodeOutcome(OrchestrationRuntimeStatus.Failed), null, s_now),
            "x",
            2);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, InstanceSummary.Of("x", document)?.Status);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, InstanceSummary.Of("x", Accept(document, Start("x")))?.Status);
    }

    private static Message.StartRequested Start(string id) => new(id, "Name", "", null, s_now);

    private static OrchestrationStart Begun() => new("execution", "Name", "", null, s_now, null, null);

    private static InstanceDocument Accept(InstanceDocument document, params Message[] messages) =>
        document.Apply(new LogEntry.MessagesAccepted { Messages = messages }, "x", 1);
}
