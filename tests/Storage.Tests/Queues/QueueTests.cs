using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Queues;

public sealed class QueueTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    [Fact]
    public async Task Send_ToAQueueThatIsNotThere_CreatesItAndArrivesAsBase64Json()
    {
        var queue = $"replies-{UniqueId()}";

        await Get<IReplyQueue>().SendAsync(queue, NewReply("hello ✓"), Cancellation);

        var raw = await ReceiveAsync(queue, QueueMessageEncoding.None);
        var reply = Parse(Convert.FromBase64String(raw));
        Assert.Equal("hello ✓", reply.Text);
        Assert.Equal("1.0", reply.SpecVersion);
        Assert.Null(reply.TextLocation);
        Assert.Equal("""{"a":[1,2]}""", reply.Metadata?.GetRawText());
    }

    [Fact]
    public async Task Send_TextOverOneMessage_IsReplacedByItsLocation()
    {
        var queue = $"replies-{UniqueId()}";

        await Get<IReplyQueue>().SendAsync(queue, NewReply(new string('x', 60_000)), Cancellation);

        var reply = Parse(Convert.FromBase64String(await ReceiveAsync(queue, QueueMessageEncoding.None)));
        Assert.Null(reply.Text);
        Assert.Equal("/api/sessions/s/turns/t", reply.TextLocation);
    }

    [Fact]
    public async Task SendPoison_HugeOriginal_IsShortenedWithItsReason()
    {
        var queue = new QueueClient(ConnectionString, QueueNames.Poison);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.ClearMessagesAsync(Cancellation);
        var id = UniqueId();

        await Get<IPoisonQueue>().SendAsync(
            new PoisonMessage
            {
                Problem = ProblemCatalogue.InvalidMessage("no JSON"),
                Original = new string('\u0001', 60_000),
                MessageId = id,
                RefusedAt = DateTimeOffset.UnixEpoch,
            },
            Cancellation);

        var raw = await ReceiveAsync(QueueNames.Poison, QueueMessageEncoding.Base64);
        var poison = JsonSerializer.Deserialize(raw, ContractsJsonContext.Default.PoisonMessage);
        Assert.True(poison?.Shortened);
        Assert.Equal(id, poison?.MessageId);
        Assert.Equal(ProblemCodes.InvalidMessage, poison?.Problem.Code);
    }

    [Fact]
    public async Task FindUnexplained_MessagesOfThePlatform_AreFoundAndThoseWithAReasonStayVisible()
    {
        var (plain, encoded, id) = ($"{{{UniqueId()}}}", $"{{{UniqueId()}}}", UniqueId());
        var queue = new QueueClient(ConnectionString, QueueNames.Poison);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.ClearMessagesAsync(Cancellation);
        var poison = Get<IPoisonQueue>();
        Assert.Empty(await poison.FindUnexplainedAsync(Cancellation));
        await poison.SendAsync(new PoisonMessage { Problem = ProblemCatalogue.MessageGivenUp(), Original = "x", MessageId = id, RefusedAt = DateTimeOffset.UnixEpoch }, Cancellation);
        Assert.Empty(await poison.FindUnexplainedAsync(Cancellation));
        await queue.SendMessageAsync(plain, Cancellation);
        await new QueueClient(ConnectionString, QueueNames.Poison, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }).SendMessageAsync(encoded, Cancellation);

        var found = await poison.FindUnexplainedAsync(Cancellation);
        foreach (var message in found)
        {
            await poison.RemoveAsync(message, Cancellation);
        }

        Assert.Equal([plain, encoded], found.Select(message => message.Text));
        var left = Assert.Single((await queue.PeekMessagesAsync(32, Cancellation)).Value);
        Assert.Contains(id, MessageText.Decode(left.Body.ToMemory().Span), StringComparison.Ordinal);
    }

    private async Task<string> ReceiveAsync(string queue, QueueMessageEncoding encoding)
    {
        var client = new QueueClient(ConnectionString, queue, new QueueClientOptions { MessageEncoding = encoding });
        var message = await client.ReceiveMessageAsync(TimeSpan.FromSeconds(30), Cancellation);
        return message.Value.MessageText;
    }

    private static ReplyMessage Parse(byte[] json) =>
        JsonSerializer.Deserialize(json, ContractsJsonContext.Default.ReplyMessage)!;

    private static ReplyMessage NewReply(string text) => new()
    {
        TurnId = "t",
        SessionId = "s",
        Status = TurnStatus.Completed,
        Text = text,
        TextLocation = "/api/sessions/s/turns/t",
        Metadata = JsonElement.Parse("""{"a":[1,2]}"""),
    };
}
