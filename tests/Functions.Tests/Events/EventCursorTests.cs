using FunctionsBroker.Functions.Events;

namespace FunctionsBroker.Functions.Tests.Events;

public sealed class EventCursorTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("q1")]
    [InlineData("q100")]
    [InlineData("r2")]
    [InlineData("s1")]
    [InlineData("s3.0123456789ab-42")]
    [InlineData("s12.with.dots-7")]
    [InlineData("x")]
    [InlineData("t")]
    [InlineData("end")]
    public void Parse_IdThatTheStreamMakes_IsReadBackAsItWas(string id)
    {
        var cursor = EventCursor.Parse(id);

        Assert.NotEqual(EventStage.Unknown, cursor.Stage);
        Assert.Equal(id, cursor.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_NoId_IsTheBeginning(string? id)
    {
        Assert.Equal(new EventCursor(EventStage.Nothing), EventCursor.Parse(id));
    }

    [Theory]
    [InlineData("0123456789ab-42")]
    [InlineData("q")]
    [InlineData("q0")]
    [InlineData("q-1")]
    [InlineData("s")]
    [InlineData("s0.run-1")]
    [InlineData("sx.run-1")]
    [InlineData("r99999999999")]
    [InlineData("ENDE")]
    [InlineData("\u0000")]
    public void Parse_IdOfSomethingElse_IsUnknown(string id)
    {
        Assert.Equal(EventStage.Unknown, EventCursor.Parse(id).Stage);
    }

    [Fact]
    public void Parse_EventOfAnAttempt_KnowsWhereItsHostLeftOff()
    {
        Assert.Equal(new EventCursor(EventStage.Following, 3, "0123456789ab-42"), EventCursor.Parse("s3.0123456789ab-42"));
    }
}
