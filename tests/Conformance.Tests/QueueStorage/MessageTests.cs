using Azure.Storage.Queues.Models;
using FunctionsBroker.Conformance.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.QueueStorage;

public sealed class MessageTests(ConformanceHost host) : QueueTest(host)
{
    [Conformance(Sources.PutMessage, "A message that is sent has an id, a receipt and an expiry of seven days.")]
    public async Task Send_AMessage_GivesAReceipt()
    {
        SendReceipt receipt = await Queue.SendMessageAsync("text", Cancellation);

        Assert.NotEmpty(receipt.MessageId);
        Assert.NotEmpty(receipt.PopReceipt);
        Assert.Equal(TimeSpan.FromDays(7), receipt.ExpirationTime - receipt.InsertionTime);
    }

    [Conformance(Sources.GetMessages, "A message that is received has its text, its id and a dequeue count of one.")]
    public async Task Receive_AMessage_HasItsParts()
    {
        SendReceipt sent = await Queue.SendMessageAsync("text", Cancellation);

        QueueMessage message = await Queue.ReceiveMessageAsync(Minute, Cancellation);

        Assert.Equal((sent.MessageId, "text", 1L), (message.MessageId, message.MessageText, message.DequeueCount));
        Assert.Equal("text", message.Body.ToString());
        Assert.Equal(sent.InsertionTime, message.InsertedOn);
    }

    [Conformance(Sources.GetMessages + "#remarks", "A message that is received is invisible for its visibility timeout.")]
    public async Task Received_Message_IsInvisible()
    {
        await Queue.SendMessageAsync("text", Cancellation);
        await Queue.ReceiveMessageAsync(Minute, Cancellation);

        Assert.Null((await Queue.ReceiveMessageAsync(Minute, Cancellation)).Value);
        Assert.Empty((await Queue.PeekMessagesAsync(5, Cancellation)).Value);
    }

    [Conformance(Sources.GetMessages + "#remarks", "A message that is not deleted in time is visible again, its dequeue count one higher.")]
    public async Task Received_Message_ComesBack()
    {
        await Queue.SendMessageAsync("text", Cancellation);
        QueueMessage first = await Queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Cancellation);
        QueueMessage? second = null;
        await Eventually.BecomesTrueAsync(async () => (second = (await Queue.ReceiveMessageAsync(Minute, Cancellation)).Value) is not null, Cancellation);

        Assert.Equal((first.MessageId, 2L), (second!.MessageId, second.DequeueCount));
        Assert.NotEqual(first.PopReceipt, second.PopReceipt);
    }

    [Conformance(Sources.PutMessage + "#uri-parameters", "A message that is sent with a visibility timeout is invisible at first.")]
    public async Task Send_ForLater_IsInvisible()
    {
        await Queue.SendMessageAsync("later", visibilityTimeout: Minute, cancellationToken: Cancellation);

        Assert.Empty((await Queue.PeekMessagesAsync(5, Cancellation)).Value);
        Assert.Equal(1, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Conformance(Sources.PutMessage + "#uri-parameters", "A time to live of -1 s means that the message does not expire.")]
    public async Task Send_WithoutExpiry_NeverExpires()
    {
        SendReceipt receipt = await Queue.SendMessageAsync("text", timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: Cancellation);

        Assert.Equal(9999, receipt.ExpirationTime.Year);
    }

    [Conformance(Sources.PutMessage + "#remarks", "A message whose time to live is over is gone.")]
    public async Task Send_WithAShortLife_IsGoneAfterIt()
    {
        await Queue.SendMessageAsync("text", timeToLive: TimeSpan.FromSeconds(1), cancellationToken: Cancellation);

        await Eventually.BecomesTrueAsync(async () => (await Queue.PeekMessagesAsync(5, Cancellation)).Value.Length == 0, Cancellation);
    }

    [Conformance(Sources.GetMessages + "#uri-parameters", "A receive gives up to 32 messages; more may not be asked for.")]
    public async Task Receive_Many_GivesAtMost32()
    {
        for (var index = 0; index < 34; index++)
        {
            await Queue.SendMessageAsync($"{index}", Cancellation);
        }

        Assert.Equal(32, (await Queue.ReceiveMessagesAsync(32, Minute, Cancellation)).Value.Length);
        Assert.Equal(2, (await Queue.ReceiveMessagesAsync(32, Minute, Cancellation)).Value.Length);
        Assert.Equal(400, (await FailureOfAsync(() => Queue.ReceiveMessagesAsync(33, Minute, Cancellation))).Status);
    }

    [Conformance(Sources.GetMessages + "#uri-parameters", "A receive without a number gives one message.")]
    public async Task Receive_WithoutANumber_GivesOne()
    {
        await Queue.SendMessageAsync("a", Cancellation);
        await Queue.SendMessageAsync("b", Cancellation);

        Assert.Single((await Queue.ReceiveMessagesAsync(Cancellation)).Value);
    }

    [Conformance(Sources.QueueClientClass + "#ReceiveMessageAsync", "Receiving and peeking from an empty queue give nothing, and no error.")]
    public async Task Receive_FromAnEmptyQueue_GivesNothing()
    {
        Assert.Null((await Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value);
        Assert.Empty((await Queue.ReceiveMessagesAsync(Cancellation)).Value);
        Assert.Null((await Queue.PeekMessageAsync(Cancellation)).Value);
    }

    [Conformance(Sources.PeekMessages, "Peeking does not hide messages or count.")]
    public async Task Peek_Twice_GivesTheSame()
    {
        await Queue.SendMessageAsync("text", Cancellation);
        PeekedMessage first = await Queue.PeekMessageAsync(Cancellation);
        PeekedMessage second = await Queue.PeekMessageAsync(Cancellation);

        Assert.Equal((first.MessageId, 0L), (second.MessageId, second.DequeueCount));
    }

    [Conformance(Sources.DeleteMessage, "A message is deleted by its id and its receipt.")]
    public async Task Delete_WithTheReceipt_RemovesIt()
    {
        await Queue.SendMessageAsync("text", Cancellation);
        QueueMessage message = await Queue.ReceiveMessageAsync(Minute, Cancellation);
        await Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);

        Assert.Equal(0, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        Assert.Equal(
            (404, "MessageNotFound"), await FailureOfAsync(() => Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation)));
    }

    [Conformance(Sources.QueueErrors, "A receipt that another receive has outdated is PopReceiptMismatch.")]
    public async Task Delete_WithAnOldReceipt_IsRefused()
    {
        SendReceipt sent = await Queue.SendMessageAsync("text", Cancellation);
        await Queue.ReceiveMessageAsync(Minute, Cancellation);

        Assert.Equal((400, "PopReceiptMismatch"), await FailureOfAsync(() => Queue.DeleteMessageAsync(sent.MessageId, sent.PopReceipt, Cancellation)));
    }

    [Conformance(Sources.UpdateMessage, "An update changes text and visibility, and gives a new receipt.")]
    public async Task Update_TextAndVisibility_ChangesBoth()
    {
        await Queue.SendMessageAsync("old", Cancellation);
        QueueMessage message = await Queue.ReceiveMessageAsync(Minute, Cancellation);
        UpdateReceipt update = await Queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, "new", TimeSpan.Zero, Cancellation);

        Assert.NotEqual(message.PopReceipt, update.PopReceipt);
        QueueMessage again = await Queue.ReceiveMessageAsync(Minute, Cancellation);
        Assert.Equal(("new", 2L), (again.MessageText, again.DequeueCount));
    }

    [Conformance(Sources.UpdateMessage + "#remarks", "An update without a text keeps it and prolongs the invisibility.")]
    public async Task Update_WithoutText_KeepsIt()
    {
        await Queue.SendMessageAsync("text", Cancellation);
        QueueMessage message = await Queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Cancellation);
        UpdateReceipt update = await Queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, (string?)null, Minute, Cancellation);

        Assert.True(update.NextVisibleOn > message.NextVisibleOn);
        var updated = message.Update(update);
        await Queue.UpdateMessageAsync(updated.MessageId, updated.PopReceipt, (string?)null, TimeSpan.Zero, Cancellation);
        Assert.Equal("text", (await Queue.PeekMessageAsync(Cancellation)).Value.MessageText);
    }

    [Conformance(Sources.ClearMessages, "Clearing a queue removes all its messages.")]
    public async Task Clear_AQueue_RemovesAll()
    {
        await Queue.SendMessageAsync("a", Cancellation);
        await Queue.SendMessageAsync("b", Cancellation);
        await Queue.ClearMessagesAsync(Cancellation);

        Assert.Empty((await Queue.PeekMessagesAsync(5, Cancellation)).Value);
    }
}
