using System.Security.Cryptography;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Attachments;

public sealed class AttachmentStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private readonly SessionId _session = SessionId.Parse(UniqueId());
    private readonly TurnId _turn = TurnId.Parse("turn-1");

    private IAttachmentStore Store => Get<IAttachmentStore>();

    [Theory]
    [InlineData(1)]
    [InlineData(700 * 1024)]
    [InlineData(AttachmentLimits.MaxTotalBytes)]
    public async Task Read_SavedSet_IsTheSame(int bytes)
    {
        var saved = SetOf(bytes);
        await Store.SaveAsync(_session, _turn, saved, Cancellation);

        var read = await Store.ReadAsync(_session, _turn, saved.Id, Cancellation);

        Assert.Equal(saved.Attachments, read?.Attachments);
    }

    [Fact]
    public async Task Save_OtherSetsOfTheTurnAndOfOtherTurns_StayApart()
    {
        var (one, other) = (SetOf(10), SetOf(20));
        var otherTurn = TurnId.Parse("turn-1.1");
        await Store.SaveAsync(_session, _turn, one, Cancellation);
        await Store.SaveAsync(_session, _turn, one, Cancellation);
        await Store.SaveAsync(_session, _turn, other, Cancellation);
        await Store.SaveAsync(_session, otherTurn, one, Cancellation);

        await Store.DeleteAsync(_session, _turn, one.Id, Cancellation);
        await Store.DeleteAsync(_session, _turn, one.Id, Cancellation);

        Assert.Null(await Store.ReadAsync(_session, _turn, one.Id, Cancellation));
        Assert.Equal(other.Attachments, (await Store.ReadAsync(_session, _turn, other.Id, Cancellation))?.Attachments);
        Assert.Equal(one.Attachments, (await Store.ReadAsync(_session, otherTurn, one.Id, Cancellation))?.Attachments);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Read_SetThatLacksARow_IsNotThere(int lost)
    {
        var saved = SetOf(700 * 1024);
        await Store.SaveAsync(_session, _turn, saved, Cancellation);

        await Get<BrokerTables>().Turns.DeleteEntityAsync(
            StorageKeys.TurnPartition(_session),
            StorageKeys.TurnAttachmentRow(_turn, saved.Id, lost),
            cancellationToken: Cancellation);

        Assert.Null(await Store.ReadAsync(_session, _turn, saved.Id, Cancellation));
    }

    private static AttachmentSet SetOf(int bytes) =>
        AttachmentSet.Of([
            new Attachment { Name = "ä.bin", MediaType = "application/pdf", Data = Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes)) },
            new Attachment { Name = "note", MediaType = "text/plain", Data = "aGk=" },
        ])!;
}
