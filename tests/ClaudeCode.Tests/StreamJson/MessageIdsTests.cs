using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

public sealed class MessageIdsTests
{
    [Fact]
    public void For_SameTurn_IsTheSameOnEveryHostAndInEveryVersion()
    {
        // Written down: a host of another version must recognize what this one has sent.
        Assert.Equal(Guid.Parse("d06ebf5c-6436-853d-93c0-f5302213004a"), For("room:1", "t1", 0));
    }

    [Fact]
    public void For_AnotherTurnSessionOrGeneration_IsAnother()
    {
        Guid[] ids = [For("room:1", "t1", 0), For("room:1", "t1", 1), For("room:1", "t2", 0), For("room:2", "t1", 0)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(8, id.Version));
    }

    private static Guid For(string session, string turn, int generation) =>
        MessageIds.For(SessionId.Parse(session), TurnId.Parse(turn), generation);
}
