using System.Text;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Transcripts;

public sealed class TranscriptStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private readonly RouteId _route = RouteId.NewRouteId();

    private ITranscriptStore Store => Get<ITranscriptStore>();

    [Fact]
    public async Task Append_PieceByPiece_IsReadUpToWhereverIsWanted()
    {
        var blob = TranscriptBlobs.New(_route);

        Assert.True(await AppendAsync(blob, 0, "one\n"));
        Assert.True(await AppendAsync(blob, 4, "two\n"));

        Assert.Equal("one\n", await CopyAsync(blob, 4));
        Assert.Equal("one\ntwo\n", await CopyAsync(blob, 8));
        Assert.Null(await CopyAsync(blob, 9));
        Assert.Null(await CopyAsync(TranscriptBlobs.New(_route), 1));
    }

    [Fact]
    public async Task Append_BlobThatIsNotAsLong_ChangesNothing()
    {
        var blob = TranscriptBlobs.New(_route);
        await AppendAsync(blob, 0, "one\n");

        Assert.False(await AppendAsync(blob, 3, "x"));
        Assert.False(await AppendAsync(blob, 8, "x"));
        Assert.False(await AppendAsync(blob, 0, "x"));
        Assert.False(await AppendAsync(TranscriptBlobs.New(_route), 4, "x"));

        Assert.Equal("one\n", await CopyAsync(blob, 4));
        Assert.Null(await CopyAsync(blob, 5));
    }

    [Fact]
    public async Task Append_MoreThanABlockHolds_IsWhole()
    {
        var blob = TranscriptBlobs.New(_route);
        var text = string.Concat(Enumerable.Range(0, 1_000_000).Select(number => $"{number:D9}\n"));

        Assert.True(await AppendAsync(blob, 0, text));

        Assert.Equal(text, await CopyAsync(blob, text.Length));
    }

    [Fact]
    public async Task Delete_BlobsOfASession_LeavesTheOthers()
    {
        string[] blobs = [TranscriptBlobs.New(_route), TranscriptBlobs.New(_route), TranscriptBlobs.New(RouteId.NewRouteId())];
        foreach (var blob in blobs)
        {
            await AppendAsync(blob, 0, "one\n");
        }

        await Store.DeleteAsync(blobs[0], Cancellation);
        await Store.DeleteAsync(blobs[0], Cancellation);
        Assert.Equal("one\n", await CopyAsync(blobs[1], 4));
        await Store.DeleteAllAsync(_route, Cancellation);

        Assert.Null(await CopyAsync(blobs[1], 4));
        Assert.Equal("one\n", await CopyAsync(blobs[2], 4));
    }

    private async Task<bool> AppendAsync(string blob, long at, string text)
    {
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await Store.AppendAsync(blob, at, lines, lines.Length, Cancellation);
    }

    private async Task<string?> CopyAsync(string blob, long length)
    {
        using var target = new MemoryStream();
        return await Store.CopyAsync(blob, length, target, Cancellation) ? Encoding.UTF8.GetString(target.ToArray()) : null;
    }
}
