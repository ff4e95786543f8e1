using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Queue triggers, queue outputs, and the queues themselves, with <c>messageEncoding</c> <c>none</c>.</summary>
public sealed class QueueTests(PlatformFixture platform) : PlatformTest(platform)
{
    private const string Text = "<a> \u00e4\"{}\ud83d\ude00";
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);

    // Azure Queue storage trigger, usage: QueueMessage. Its time of visibility is that of the trigger's own lease.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_comes_as_it_was_sent_with_its_id_and_its_count()
    {
        var id = await SendAsync("messages", Text);

        var seen = await ReceiveSeenAsync(id);

        Assert.Equal((1L, Text), (seen.DequeueCount, seen.Text));
        Assert.True(seen.NextVisibleOn > seen.InsertedOn);
    }

    // Azure Queue storage output bindings, usage: a string array is a message each.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Each_text_of_an_output_array_is_a_message_as_it_is()
    {
        await SendAsync("texts", Text);

        var one = await ReceiveAsync("seen-texts", body => body.EndsWith(Text, StringComparison.Ordinal));
        var other = await ReceiveAsync("seen-texts", body => body.EndsWith(Text, StringComparison.Ordinal));

        Assert.Equal([$"1 {Text}", $"2 {Text}"], new[] { one, other }.Order());
    }

    // As above; measured: the host writes an array's objects indented.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Each_object_of_an_output_array_is_a_message_of_indented_json()
    {
        var name = PlatformFixture.NewId();
        await SendAsync("objects", $$"""{"Name":"{{name}}","Size":1}""");

        var one = await ReceiveAsync("seen-objects", body => body.Contains(name, StringComparison.Ordinal));
        var other = await ReceiveAsync("seen-objects", body => body.Contains(name, StringComparison.Ordinal));

        Assert.All([one, other], body => Assert.Contains('\n', body));
        Assert.Equal([1, 2], new[] { one, other }.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("Size").GetInt32()).Order());
    }

    // Azure Queue storage trigger, poison messages: after maxDequeueCount deliveries, here 2, to a queue NAME-poison. That the
    // poison message is a new one, with the text as it was and no reason, is measured.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_that_always_fails_ends_in_the_poison_queue_as_it_was()
    {
        var text = $"{Text} {PlatformFixture.NewId()}";

        var id = await SendAsync("failing", text);

        Assert.Equal(text, await ReceiveAsync("failing-poison", body => body == text));
        await Eventually.BecomesTrueAsync(
            () => Platform.Host.Output() is var output
                && output.Contains($"Delivery 1 of {id}", StringComparison.Ordinal)
                && output.Contains($"Delivery 2 of {id}", StringComparison.Ordinal),
            Cancellation);
        Assert.DoesNotContain($"Delivery 3 of {id}", Platform.Host.Output(), StringComparison.Ordinal);
    }

    // As above: what cannot be bound fails as what throws does.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_that_is_not_the_function_s_json_ends_in_the_poison_queue()
    {
        var text = $"no json {PlatformFixture.NewId()}";

        await SendAsync("objects", text);

        Assert.Equal(text, await ReceiveAsync("objects-poison", body => body == text));
    }

    // host.json of the queue extension: visibilityTimeout is the time between retries of a message that failed.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_that_failed_is_delivered_again_with_a_higher_count()
    {
        var id = await SendAsync("failing-once", Text);

        Assert.Equal(2, (await ReceiveSeenAsync(id)).DequeueCount);
    }

    // Queue storage, scalability targets: a message has up to 64 KiB.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_of_64_KiB_comes_through_and_a_longer_one_is_refused()
    {
        var text = new string('x', MostBytes - "1 ".Length);

        await SendAsync("texts", text);
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => SendAsync("texts", new string('x', MostBytes + 1)));

        Assert.Equal(MostBytes, (await ReceiveAsync("seen-texts", body => body.EndsWith(text, StringComparison.Ordinal))).Length);
        Assert.Equal((413, "RequestBodyTooLarge"), (refusal.Status, refusal.ErrorCode));
    }

    // Queue storage, Get Messages: hidden for the timeout, then there again, behind nobody and before nobody: order is not promised.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_message_that_was_taken_is_hidden_for_its_timeout_and_its_old_receipt_is_void_then()
    {
        var queue = await Platform.QueueAsync($"plain-{PlatformFixture.NewId()}", Cancellation);
        await queue.SendMessageAsync("first", Cancellation);

        var first = (await queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Cancellation)).Value;
        await Eventually.BecomesTrueAsync(async () => (await queue.PeekMessageAsync(Cancellation)).Value is not null, Cancellation);
        var again = (await queue.ReceiveMessageAsync(s_long, Cancellation)).Value;

        Assert.Null((await queue.PeekMessageAsync(Cancellation)).Value);
        Assert.Equal(("first", "first"), ($"{first.Body}", $"{again.Body}"));
        Assert.Equal((1, 2), (first.DequeueCount, again.DequeueCount));
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => queue.DeleteMessageAsync(first.MessageId, first.PopReceipt, Cancellation));
        Assert.Equal("PopReceiptMismatch", refusal.ErrorCode);
    }

    /// <returns>The message's id.</returns>
    private async Task<string> SendAsync(string queue, string text) =>
        (await (await Platform.QueueAsync(queue, Cancellation)).SendMessageAsync(text, Cancellation)).Value.MessageId;

    private async Task<SeenMessage> ReceiveSeenAsync(string id) =>
        JsonSerializer.Deserialize<SeenMessage>(await ReceiveAsync("seen-messages", body => body.Contains(id, StringComparison.Ordinal)))!;

    /// <summary>Takes the next message that is meant off a queue; others are of other tests.</summary>
    private async Task<string> ReceiveAsync(string name, Func<string, bool> isMeant)
    {
        var queue = await Platform.QueueAsync(name, Cancellation);
        var found = "";
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                if ((await queue.ReceiveMessageAsync(s_long, Cancellation)).Value is not { } message)
                {
                    return false;
                }

                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);
                found = message.Body.ToString();
                return isMeant(found);
            },
            Cancellation);
        return found;
    }

    private sealed record SeenMessage(string Id, long DequeueCount, DateTimeOffset InsertedOn, DateTimeOffset NextVisibleOn, string Text);
}
