using Azure.Storage.Queues.Models;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.QueueStorage;

public sealed class EncodingTests(ConformanceHost host) : QueueTest(host)
{
    [Conformance(Sources.QueueEncodings + "#None", "Without an encoding, text is on the wire as it is, markup and any script included.")]
    public async Task None_AnyText_ComesBack()
    {
        foreach (var text in (string[])["plain", "<a b=\"c\">&</a>", "grüße 日本語 😀", "a\r\nb\tc", "{\"x\": 1}"])
        {
            await Queue.SendMessageAsync(text, Cancellation);
            QueueMessage message = await Queue.ReceiveMessageAsync(Minute, Cancellation);
            Assert.Equal(text, message.MessageText);
        }
    }

    [Conformance(Sources.QueueEncodings + "#Base64", "With base64, text is encoded on the wire and decoded when it is read.")]
    public async Task Base64_Text_IsEncodedOnTheWire()
    {
        await Base64.SendMessageAsync("text", Cancellation);

        Assert.Equal("dGV4dA==", (await Queue.PeekMessageAsync(Cancellation)).Value.MessageText);
        Assert.Equal("text", (await Base64.PeekMessageAsync(Cancellation)).Value.MessageText);
    }

    [Conformance(Sources.QueueEncodings, "With base64, a message may be any bytes.")]
    public async Task Base64_AnyBytes_ComeBack()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(number => (byte)number)];
        await Base64.SendMessageAsync(BinaryData.FromBytes(bytes), cancellationToken: Cancellation);

        Assert.Equal(bytes, (await Base64.ReceiveMessageAsync(cancellationToken: Cancellation)).Value.Body.ToArray());
    }

    [Conformance(Sources.QueueClientClass, "A message that is not base64 fails a receive that expects it, if nothing handles that.")]
    public async Task Base64_OtherText_FailsTheReceive()
    {
        await Queue.SendMessageAsync("not base64!", Cancellation);

        await Assert.ThrowsAsync<FormatException>(() => Base64.ReceiveMessagesAsync(Cancellation));
    }

    [Conformance(Sources.PutMessage + "#remarks", "A message of 64 KiB is taken, one more byte is refused.")]
    public async Task Message_Over64KiB_IsRefused()
    {
        var largest = new string('x', 64 * 1024);
        await Queue.SendMessageAsync(largest, Cancellation);

        Assert.Equal(largest, (await Queue.PeekMessageAsync(Cancellation)).Value.MessageText);
        var failure = await FailureOfAsync(() => Queue.SendMessageAsync(largest + "x", Cancellation));
        Assert.Contains(failure.Code, (string[])["RequestBodyTooLarge", "MessageTooLarge"]);
    }
}
