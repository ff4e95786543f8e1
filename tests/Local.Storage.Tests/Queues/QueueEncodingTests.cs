using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Queues;

[Trait("Category", "Emulator")]
public sealed class QueueEncodingTests(AzuriteFixture azurite) : QueueTest(azurite)
{
    private QueueClient Base64 => field ??= WithOptions(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("plain")]
    [InlineData("<tag a=\"b\"> & ]]> </MessageText>")]
    [InlineData("grüße 日本語 😀")]
    [InlineData("a\r\nb\nc\td")]
    [InlineData("  spaces  ")]
    [InlineData("{\"json\": [1, 2]}")]
    [InlineData("")]
    public async Task None_Text_ComesBackAsItWas(string text)
    {
        await Queue.SendMessageAsync(text, Cancel);

        Assert.Equal(text, (await Queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value.MessageText);
    }

    [Fact]
    public async Task None_TextThatXmlCannotHold_IsRefusedBeforeItIsSent() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Queue.SendMessageAsync("\u0001", Cancel));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Base64_AnyBytes_ComeBackAsTheyWere()
    {
        var bytes = Enumerable.Range(0, 256).Select(number => (byte)number).ToArray();

        await Base64.SendMessageAsync(BinaryData.FromBytes(bytes), cancellationToken: Cancel);

        Assert.Equal(bytes, (await Base64.ReceiveMessageAsync(cancellationToken: Cancel)).Value.Body.ToArray());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Base64_Text_IsOnTheWireInBase64()
    {
        await Base64.SendMessageAsync("text", Cancel);

        Assert.Equal("dGV4dA==", (await Queue.PeekMessageAsync(Cancel)).Value.MessageText);
        Assert.Equal("text", (await Base64.PeekMessageAsync(Cancel)).Value.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Base64_UpdatedBody_IsEncodedToo()
    {
        await Base64.SendMessageAsync("old", Cancel);
        QueueMessage message = await Base64.ReceiveMessageAsync(cancellationToken: Cancel);

        await Base64.UpdateMessageAsync(message.MessageId, message.PopReceipt, BinaryData.FromString("new"), TimeSpan.Zero, Cancel);

        Assert.Equal("bmV3", (await Queue.PeekMessageAsync(Cancel)).Value.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Base64_MessageThatIsNot_FailsTheReceive()
    {
        await Queue.SendMessageAsync("not base64!", Cancel);

        await Assert.ThrowsAsync<FormatException>(() => Base64.ReceiveMessagesAsync(Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Base64_MessageThatIsNot_GoesToTheHandlerIfThereIsOne()
    {
        var failed = new List<QueueMessageDecodingFailedEventArgs>();
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        options.MessageDecodingFailed += failure =>
        {
            failed.Add(failure);
            return Task.CompletedTask;
        };
        var queue = WithOptions(options);
        await Queue.SendMessageAsync("not base64!", Cancel);
        await queue.SendMessageAsync("good", Cancel);

        var peeked = (await queue.PeekMessagesAsync(5, Cancel)).Value;
        var received = (await queue.ReceiveMessagesAsync(5, cancellationToken: Cancel)).Value;

        Assert.Equal("good", Assert.Single(peeked).MessageText);
        Assert.Equal("good", Assert.Single(received).MessageText);
        Assert.Equal(["not base64!", "not base64!"], failed.Select(failure => (failure.PeekedMessage?.Body ?? failure.ReceivedMessage.Body).ToString()));
        Assert.Same(queue, failed[0].Queue);
        await queue.DeleteMessageAsync(failed[1].ReceivedMessage.MessageId, failed[1].ReceivedMessage.PopReceipt, Cancel);
    }
}
