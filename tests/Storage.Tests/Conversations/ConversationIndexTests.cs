using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Conversations;

public sealed class ConversationIndexTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly KnownConversation s_known = new(SessionId.Parse("room:1"), TurnId.Parse("t1"), "instructions", null);

    private readonly string _key = UniqueId();

    private IConversationIndex Index => Get<IConversationIndex>();

    [Fact]
    public async Task Note_Conversation_IsFoundUntilItIsRemoved()
    {
        Assert.Null(await Index.FindAsync(_key, Cancellation));
        await Index.NoteAsync(_key, s_known, Cancellation);
        Assert.Equal(s_known, await Index.FindAsync(_key, Cancellation));

        await Index.RemoveAsync(_key, Cancellation);
        await Index.RemoveAsync(_key, Cancellation);

        Assert.Null(await Index.FindAsync(_key, Cancellation));
    }

    [Fact]
    public async Task Note_SameConversationAgain_TakesThePlaceOfTheFirst()
    {
        var later = s_known with { TurnId = TurnId.Parse("t2"), Previous = "before" };
        await Index.NoteAsync(_key, s_known, Cancellation);

        await Index.NoteAsync(_key, later, Cancellation);

        Assert.Equal(later, await Index.FindAsync(_key, Cancellation));
    }

    [Fact]
    public async Task RemoveBefore_OlderOnes_GoAndNewerOnesStay()
    {
        await Index.NoteAsync(_key, s_known, Cancellation);

        await Index.RemoveBeforeAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), Cancellation);
        Assert.NotNull(await Index.FindAsync(_key, Cancellation));

        await Index.RemoveBeforeAsync(TimeProvider.System.GetUtcNow().AddMinutes(5), Cancellation);
        Assert.Null(await Index.FindAsync(_key, Cancellation));
    }
}
