using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Tests.Events;

/// <summary>The events as listeners see them: names and members that are promised.</summary>
public sealed class TurnEventJsonTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Problem s_problem = ProblemCatalogue.TurnCancelled();

    public static TheoryData<TurnEvent, string, string> Events => new()
    {
        { new TurnEvent.Accepted(s_at), "accepted", """{"at":"2026-01-02T03:04:05+00:00"}""" },
        { new TurnEvent.Queued(2), "queued", """{"position":2}""" },
        { new TurnEvent.Started(s_at), "started", """{"at":"2026-01-02T03:04:05+00:00"}""" },
        { new TurnEvent.Delta("a\nb"), "delta", """{"text":"a\nb"}""" },
        { new TurnEvent.Tool("t", ToolState.Started) { Name = "Bash", Input = "{}" }, "tool", """{"name":"Bash","input":"{}","id":"t","state":"started"}""" },
        { new TurnEvent.Tool("t", ToolState.Ended) { IsError = false, Output = "x" }, "tool", """{"isError":false,"output":"x","id":"t","state":"ended"}""" },
        { new TurnEvent.Permission("r", PermissionState.Asked) { ToolName = "Bash", ExpiresAt = s_at }, "permission", """{"toolName":"Bash","expiresAt":"2026-01-02T03:04:05+00:00","requestId":"r","state":"asked"}""" },
        { new TurnEvent.Reset("again"), "reset", """{"reason":"again"}""" },
        {
            new TurnEvent.Failed(AttemptOutcome.Cancelled, s_problem) { Status = TurnStatus.Cancelled },
            "failed",
            $$"""{"status":"cancelled","outcome":"cancelled","problem":{{JsonSerializer.Serialize(s_problem, Serialization.ContractsJsonContext.Default.Problem)}}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void Write_Event_HasItsNameAndItsDataInOneLine(TurnEvent turnEvent, string name, string data)
    {
        var written = Encoding.UTF8.GetString(TurnEventJson.Write(turnEvent));

        Assert.Equal(name, TurnEventJson.NameOf(turnEvent));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(data), JsonElement.Parse(written)), written);
        Assert.DoesNotContain('\n', written);
        Assert.Equal(turnEvent, TurnEventJson.Read(name, written));
        Assert.Equal(turnEvent, TurnEventJson.Read(name, Encoding.UTF8.GetBytes(written)));
    }

    [Fact]
    public void Write_Answer_IsReadBackWhole()
    {
        var written = TurnEventJson.Write(new TurnEvent.Completed(new Reply { Text = "four", Transport = "stream-json" }));

        var read = Assert.IsType<TurnEvent.Completed>(TurnEventJson.Read("completed", written));

        Assert.Equal("four", read.Reply.Text);
        Assert.True(read.IsLast);
    }

    [Fact]
    public void Read_EventOfALaterVersion_IsNone()
    {
        Assert.Null(TurnEventJson.Read("tomorrow", "{}"u8));
    }
}
