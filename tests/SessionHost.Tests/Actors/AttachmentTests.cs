using System.Buffers.Binary;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Actors;

public sealed class AttachmentTests
{
    // One grey pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task The_model_is_shown_what_comes_along()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t1", "what is this?") with
        {
            Attachments =
            [
                new Attachment { Name = "dot.png", MediaType = "image/png", Data = Png },
                new Attachment { Name = "paper.pdf", MediaType = "application/pdf", Data = Convert.ToBase64String("%PDF-1.4\n%%EOF\n"u8) },
                new Attachment { Name = "numbers.csv", MediaType = "text/csv", Data = Convert.ToBase64String("1,2\n3,4\n"u8) },
            ],
        };

        await host.AcceptAsync("a", request);
        var turn = await cluster.EndAsync("a", "t1");

        Assert.Equal("[1] what is this?", turn.Reply!.Text);
        var shown = cluster.Model.Requests[^1].Attachments;
        Assert.Equal(["image", "document", "document"], shown.Select(attachment => attachment.Type));
        Assert.Equal(["image/png", "application/pdf", "text/plain"], shown.Select(attachment => attachment.MediaType));
        Assert.Equal([null, "paper.pdf", "numbers.csv"], shown.Select(attachment => attachment.Title));
        Assert.Equal([Convert.FromBase64String(Png).Length, 15, 8], shown.Select(attachment => attachment.Bytes));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task A_large_document_reaches_the_model_whole()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        var pdf = new byte[15 * 1024 * 1024];
        "%PDF-1.4\n"u8.CopyTo(pdf);
        BinaryPrimitives.WriteInt32BigEndian(pdf.AsSpan(pdf.Length - 4), 42);
        var request = await cluster.PrepareAsync(host, "a", "t1", "summarize") with
        {
            Attachments = [new Attachment { Name = "large.pdf", MediaType = "application/pdf", Data = Convert.ToBase64String(pdf) }],
        };

        await host.AcceptAsync("a", request);
        var turn = await cluster.EndAsync("a", "t1");

        Assert.Equal("[1] summarize", turn.Reply!.Text);
        Assert.Equal(pdf.Length, Assert.Single(cluster.Model.Requests[^1].Attachments).Bytes);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_AttachmentThatIsNotWhatItSays_IsRefusedByName()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:MaxAttachments=1");
        var request = await cluster.PrepareAsync(host, "a", "t1", "say x");
        var fake = new Attachment { Name = "fake.png", MediaType = "image/png", Data = Convert.ToBase64String("<html>"u8) };
        var text = new Attachment { Name = "a.txt", MediaType = "text/plain", Data = Convert.ToBase64String("x"u8) };

        var wrong = await host.RefusedAsync("a", request with { Attachments = [fake] });
        var many = await host.RefusedAsync("a", request with { Attachments = [text, text] });

        Assert.Equal(ProblemCodes.AttachmentRejected, wrong.Code);
        Assert.Contains("'fake.png'", wrong.Detail, StringComparison.Ordinal);
        Assert.Contains("a turn may have 1", many.Detail, StringComparison.Ordinal);
        Assert.Equal("x", (await RunAsync(cluster, host)).Reply!.Text);
    }

    private static async Task<Sessions.Storage.TurnRecord> RunAsync(HostCluster cluster, RunningHost host) =>
        await cluster.RunAsync(host, "a", "t2", "say x");
}
