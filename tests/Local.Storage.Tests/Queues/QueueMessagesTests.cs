using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Queues;

/// <summary>
/// Messages from sending to deletion. The codes are those of
/// https://learn.microsoft.com/rest/api/storageservices/queue-service-error-codes
/// </summary>
[Trait("Category", "Emulator")]
public sealed class QueueMessagesTests(AzuriteFixture azurite) : QueueTest(azurite)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_EmptyQueue_GivesNothing()
    {
        Assert.Empty((await Queue.ReceiveMessagesAsync(Cancel)).Value);
        Assert.Null((await Queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value);
        Assert.Null((await Queue.PeekMessageAsync(Cancel)).Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_Message_GivesAReceipt()
    {
        SendReceipt receipt = await Queue.SendMessageAsync("text", timeToLive: TimeSpan.FromHours(1), cancellationToken: Cancel);

        Assert.NotEmpty(receipt.MessageId);
        Assert.NotEmpty(receipt.PopReceipt);
        Assert.Equal(TimeSpan.FromHours(1), receipt.ExpirationTime - receipt.InsertionTime);
        Assert.Equal(TimeSpan.Zero, receipt.InsertionTime.Offset);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_SentMessage_HasAllItsParts()
    {
        SendReceipt receipt = await Queue.SendMessageAsync("text", Cancel);

        QueueMessage message = await Queue.ReceiveMessageAsync(s_minute, Cancel);

        Assert.Equal((receipt.MessageId, "text", 1), (message.MessageId, message.MessageText, message.DequeueCount));
        Assert.Equal("text", message.Body.ToString());
        Assert.Equal((receipt.InsertionTime, receipt.ExpirationTime), (message.InsertedOn, message.ExpiresOn));
        Assert.True(message.NextVisibleOn > message.InsertedOn);
        Assert.NotEqual(receipt.PopReceipt, message.PopReceipt);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_ReceivedMessage_IsHiddenUntilItsTime()
    {
        await Queue.SendMessageAsync("text", Cancel);
        await Queue.ReceiveMessageAsync(s_minute, Cancel);

        Assert.Null((await Queue.ReceiveMessageAsync(s_minute, Cancel)).Value);
        Assert.Equal(1, (await Queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_AfterItsTime_CountsAgain()
    {
        await Queue.SendMessageAsync("text", Cancel);
        QueueMessage first = await Queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Cancel);
        QueueMessage? second = null;

        await Eventually.BecomesTrueAsync(async () => (second = (await Queue.ReceiveMessageAsync(s_minute, Cancel)).Value) is not null, Cancel);

        Assert.Equal((first.MessageId, 2), (second?.MessageId, second?.DequeueCount));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_WithVisibilityTimeout_IsHiddenAtFirst()
    {
        await Queue.SendMessageAsync("later", visibilityTimeout: s_minute, cancellationToken: Cancel);
        await Queue.SendMessageAsync("now", visibilityTimeout: TimeSpan.Zero, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: Cancel);

        var messages = (await Queue.ReceiveMessagesAsync(10, s_minute, Cancel)).Value;

        Assert.Equal("now", Assert.Single(messages).MessageText);
        Assert.Equal(9999, messages[0].ExpiresOn?.Year);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_ManyMessages_AtMost32InOrder()
    {
        for (var number = 0; number < 34; number++)
        {
            await Queue.SendMessageAsync($"{number}", Cancel);
        }

        var messages = (await Queue.ReceiveMessagesAsync(Queue.MaxPeekableMessages, s_minute, Cancel)).Value;

        Assert.Equal(Enumerable.Range(0, 32).Select(number => $"{number}"), messages.Select(message => message.MessageText));
        Assert.Equal(400, (await FailureOfAsync(() => Queue.ReceiveMessagesAsync(33, s_minute, Cancel))).Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Peek_Messages_HidesNothing()
    {
        await Queue.SendMessageAsync("a", Cancel);
        await Queue.SendMessageAsync("b", Cancel);

        var peeked = (await Queue.PeekMessagesAsync(5, Cancel)).Value;

        Assert.Equal(["a", "b"], peeked.Select(message => message.MessageText));
        Assert.Equal((0, "a"), (peeked[0].DequeueCount, peeked[0].Body.ToString()));
        Assert.NotNull(peeked[0].InsertedOn);
        Assert.Equal(2, (await Queue.ReceiveMessagesAsync(5, s_minute, Cancel)).Value.Length);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_WithReceipt_RemovesTheMessage()
    {
        await Queue.SendMessageAsync("text", Cancel);
        QueueMessage message = await Queue.ReceiveMessageAsync(s_minute, Cancel);

        await Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel);

        Assert.Equal(0, (await Queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
        Assert.Equal((404, "MessageNotFound"), await FailureOfAsync(() => Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_StaleReceipt_IsAMismatch()
    {
        SendReceipt sent = await Queue.SendMessageAsync("text", Cancel);
        await Queue.ReceiveMessageAsync(s_minute, Cancel);

        Assert.Equal((400, "PopReceiptMismatch"), await FailureOfAsync(() => Queue.DeleteMessageAsync(sent.MessageId, sent.PopReceipt, Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_TextAndVisibility_ChangesBothAndTheReceipt()
    {
        await Queue.SendMessageAsync("old", Cancel);
        QueueMessage message = await Queue.ReceiveMessageAsync(s_minute, Cancel);

        UpdateReceipt update = await Queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, "new", TimeSpan.Zero, Cancel);

        QueueMessage again = await Queue.ReceiveMessageAsync(s_minute, Cancel);
        Assert.Equal(("new", 2), (again.MessageText, again.DequeueCount));
        Assert.NotEqual(message.PopReceipt, update.PopReceipt);
        Assert.Equal(400, (await FailureOfAsync(() => Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel))).Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_WithoutText_KeepsItAndProlongs()
    {
        await Queue.SendMessageAsync("text", Cancel);
        QueueMessage message = await Queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Cancel);

        UpdateReceipt update = await Queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, (string?)null, s_minute, Cancel);

        var updated = message.Update(update);
        Assert.True(update.NextVisibleOn > message.NextVisibleOn);
        Assert.Equal((update.PopReceipt, "text", message.MessageId), (updated.PopReceipt, updated.MessageText, updated.MessageId));
        await Queue.UpdateMessageAsync(updated.MessageId, updated.PopReceipt, (BinaryData?)null, TimeSpan.Zero, Cancel);
        Assert.Equal("text", (await Queue.PeekMessageAsync(Cancel)).Value.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Clear_Queue_RemovesAll()
    {
        await Queue.SendMessageAsync("a", Cancel);
        await Queue.SendMessageAsync("b", Cancel);

        await Queue.ClearMessagesAsync(Cancel);

        Assert.Empty((await Queue.PeekMessagesAsync(5, Cancel)).Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_LargestText_IsTakenAndOneMoreByteIsNot()
    {
        var largest = new string('x', Queue.MessageMaxBytes);

        await Queue.SendMessageAsync(largest, Cancel);

        Assert.Equal(largest, (await Queue.PeekMessageAsync(Cancel)).Value.MessageText);
        Assert.Equal((413, "RequestBodyTooLarge"), await FailureOfAsync(() => Queue.SendMessageAsync(largest + "x", Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_NoSuchQueue_IsNotFoundWithItsMessage()
    {
        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => Service.GetQueueClient(AzuriteFixture.UniqueName()).SendMessageAsync("text", Cancel));

        Assert.Equal((404, "QueueNotFound"), (failure.Status, failure.ErrorCode));
        Assert.StartsWith("The specified queue does not exist.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Status: 404", failure.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(0)]
    [InlineData(33)]
    public async Task ReceiveAndPeek_OfNoneOrMoreThan32_AreRefused(int count)
    {
        Assert.Equal(400, (await FailureOfAsync(() => Queue.ReceiveMessagesAsync(count, s_minute, Cancel))).Status);
        Assert.Equal(400, (await FailureOfAsync(() => Queue.PeekMessagesAsync(count, Cancel))).Status);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(0, true)]
    [InlineData(7 * 24 * 3600, true)]
    [InlineData((7 * 24 * 3600) + 1, false)]
    [InlineData(-1, false)]
    public async Task Update_VisibilityTimeout_IsUpToSevenDays(int seconds, bool allowed)
    {
        await Queue.SendMessageAsync("text", Cancel);
        QueueMessage message = await Queue.ReceiveMessageAsync(s_minute, Cancel);
        Task UpdateAsync() => Queue.UpdateMessageAsync(
            message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.FromSeconds(seconds), cancellationToken: Cancel);

        if (allowed)
        {
            await UpdateAsync();
        }
        else
        {
            Assert.Equal((400, "OutOfRangeQueryParameterValue"), await FailureOfAsync(UpdateAsync));
        }
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(0, 60)]
    [InlineData(8 * 24 * 3600, null)]
    [InlineData(30, 30)]
    [InlineData(60, 30)]
    public async Task Send_TimesThatMakeNoSense_AreRefused(int visibilitySeconds, int? lifeSeconds)
    {
        Task SendAsync() => Queue.SendMessageAsync(
            "text",
            visibilityTimeout: TimeSpan.FromSeconds(visibilitySeconds),
            timeToLive: lifeSeconds is { } life ? TimeSpan.FromSeconds(life) : null,
            cancellationToken: Cancel);

        if (visibilitySeconds == 0)
        {
            await SendAsync();
        }
        else
        {
            Assert.Equal(400, (await FailureOfAsync(SendAsync)).Status);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_WithoutALife_LivesSevenDays()
    {
        SendReceipt receipt = await Queue.SendMessageAsync("text", Cancel);

        Assert.Equal(TimeSpan.FromDays(7), receipt.ExpirationTime - receipt.InsertionTime);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_PastItsLife_IsGone()
    {
        await Queue.SendMessageAsync("short", timeToLive: TimeSpan.FromSeconds(1), cancellationToken: Cancel);

        await Eventually.BecomesTrueAsync(async () => (await Queue.PeekMessageAsync(Cancel)).Value is null, Cancel);

        Assert.Null((await Queue.ReceiveMessageAsync(s_minute, Cancel)).Value);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(48 * 1024, true)]
    [InlineData((48 * 1024) + 1, false)]
    public async Task Send_InBase64_Holds48KiB(int length, bool allowed)
    {
        var queue = WithOptions(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        Task SendAsync() => queue.SendMessageAsync(BinaryData.FromBytes(new byte[length]), cancellationToken: Cancel);

        if (allowed)
        {
            await SendAsync();
            Assert.Equal(length, (await queue.PeekMessageAsync(Cancel)).Value.Body.ToMemory().Length);
        }
        else
        {
            Assert.Equal((413, "RequestBodyTooLarge"), await FailureOfAsync(SendAsync));
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_OfADeletedMessage_IsNotFound()
    {
        await Queue.SendMessageAsync("text", Cancel);
        QueueMessage message = await Queue.ReceiveMessageAsync(s_minute, Cancel);
        await Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancel);

        Assert.Equal(
            (404, "MessageNotFound"),
            await FailureOfAsync(() => Queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, cancellationToken: Cancel)));
    }

    [Fact]
    public void Factory_Message_HasWhatItWasGiven()
    {
        var message = QueuesModelFactory.QueueMessage("id", "receipt", "text", 3, insertedOn: DateTimeOffset.UnixEpoch);

        Assert.Equal(("id", "receipt", "text", 3L), (message.MessageId, message.PopReceipt, message.MessageText, message.DequeueCount));
        Assert.Equal((DateTimeOffset.UnixEpoch, null), (message.InsertedOn, message.NextVisibleOn));
    }
}
