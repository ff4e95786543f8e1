using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Conformance.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Queues;

public sealed class QueueTriggerTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.QueueTrigger + "#usage", "A message becomes a string.")]
    public async Task Message_AsText_Arrives()
    {
        var text = NewId("täxt");
        await SendAsync("conformance-text", text);

        await Eventually.BecomesTrueAsync(async () => (await Journal.ReadTextsAsync("queue-text")).Contains(text), Cancellation);
    }

    [Conformance(Sources.QueueTrigger + "#usage", "A message that is JSON becomes an object of the parameter's type, names in any case.")]
    public async Task Message_AsAnObject_Arrives()
    {
        var text = NewId();
        await SendAsync("conformance-parcel", $$"""{"TEXT":"{{text}}","count":3}""");

        Assert.Equal("3", (await Journal.WaitAsync($"queue-{text}"))[0].Text);
    }

    [Conformance(Sources.QueueTrigger + "#usage", "A message becomes a QueueMessage, with its id, receipt and count.")]
    public async Task Message_AsTheSdksOwn_Arrives()
    {
        var text = NewId();
        var sent = await SendAsync("conformance-message", text);

        Assert.Equal($"{sent.MessageId} 1 True True", (await Journal.WaitAsync($"queue-{text}"))[0].Text);
    }

    [Conformance(Sources.QueueTrigger + "#usage", "A message becomes bytes.")]
    public async Task Message_AsBytes_Arrives()
    {
        byte[] bytes = [0, 255, .. Guid.NewGuid().ToByteArray()];
        await Queue("conformance-bytes").CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await Queue("conformance-bytes").SendMessageAsync(BinaryData.FromBytes(bytes), cancellationToken: Cancellation);

        await Eventually.BecomesTrueAsync(async () => (await Journal.ReadTextsAsync("queue-bytes")).Contains(Convert.ToHexString(bytes)), Cancellation);
    }

    [Conformance(Sources.QueueTrigger + "#usage", "A message becomes BinaryData.")]
    public async Task Message_AsBinaryData_Arrives()
    {
        var text = NewId();
        await SendAsync("conformance-binary", text);

        Assert.Equal($"{text.Length}", (await Journal.WaitAsync($"queue-{text}"))[0].Text);
    }

    [Conformance(Sources.QueueTrigger + "#metadata", "The message's metadata reach parameters of their names.")]
    public async Task Metadata_ByName_Arrive()
    {
        var text = NewId();
        var sent = await SendAsync("conformance-metadata", text);

        Assert.Equal($"{sent.MessageId} True 1 7.00:00:00", (await Journal.WaitAsync($"queue-{text}"))[0].Text);
    }

    [Conformance(Sources.Expressions + "#binding-expressions---app-settings", "A queue's name may be an app setting between percent signs, and its connection a setting's name.")]
    public async Task Queue_NamedByASetting_Triggers()
    {
        var text = NewId();
        await SendAsync(Environment.GetEnvironmentVariable("CONFORMANCE_QUEUE") ?? "conformance-by-setting", text);

        Assert.Equal("by setting", (await Journal.WaitAsync($"queue-{text}"))[0].Text);
    }

    [Conformance(Sources.QueueTrigger + "#poison-messages", "A message that fails maxDequeueCount times goes to the queue's poison queue, its content unchanged.")]
    public async Task Message_ThatAlwaysFails_GoesToThePoisonQueue()
    {
        var text = NewId();
        await SendAsync("conformance-failing", text);

        var poisoned = await ReceiveAsync("conformance-failing-poison", text);
        Assert.Equal(text, poisoned.MessageText);
        Assert.Equal(["1", "2"], await Journal.ReadTextsAsync($"queue-{text}"));
        Assert.DoesNotContain((await Queue("conformance-failing").PeekMessagesAsync(32, Cancellation)).Value, message => message.MessageText == text);
    }

    [Conformance(Sources.QueueSettings + "#hostjson-settings", "A message that fails is tried again, its dequeue count one higher.")]
    public async Task Message_ThatFailsOnce_IsTriedAgain()
    {
        var text = NewId();
        await SendAsync("conformance-once", text);

        Assert.Equal(["1", "2"], (await Journal.WaitAsync($"queue-{text}", 2)).Select(entry => entry.Text));
    }

    [Conformance(Sources.QueueTrigger + "#encoding", "A message that is not in the host's encoding goes to the poison queue as it is.")]
    public async Task Message_NotInBase64_GoesToThePoisonQueue()
    {
        var text = $"not base64! {NewId()}";
        var plain = new QueueClient(Host.Storage, "conformance-text");
        await plain.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await plain.SendMessageAsync(text, Cancellation);

        var poison = new QueueClient(Host.Storage, "conformance-text-poison");
        await Eventually.BecomesTrueAsync(
            async () => (await poison.ExistsAsync(Cancellation)).Value
                && (await poison.PeekMessagesAsync(32, Cancellation)).Value.Any(message => message.MessageText == text),
            Cancellation);
    }

    [Conformance(Sources.QueueTrigger + "#concurrency", "No more messages run at once than batchSize plus newBatchThreshold; each is deleted when its function has succeeded.")]
    public async Task Messages_Many_RunSoManyAtOnce()
    {
        // host.json: batches of 2, the next one when 1 is left.
        const int MostAtOnce = 3;
        for (var index = 0; index < 8; index++)
        {
            await SendAsync("conformance-slow", $"{index}");
        }

        await Journal.WaitAsync("queue-slow-began", 2);
        Assert.InRange((await Journal.ReadAsync("queue-slow-began")).Length, 2, MostAtOnce);
        await Journal.AddAsync("queue-slow-release");

        Assert.Equal(8, (await Journal.WaitAsync("queue-slow-ended", 8)).Select(entry => entry.Text).Distinct().Count());
        await Eventually.BecomesTrueAsync(
            async () => (await Queue("conformance-slow").GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0, Cancellation);
    }

    [Conformance(Sources.QueueOutput + "#usage", "What a function with a queue output returns goes to the queue, in base64, which is made if it is not there.")]
    public async Task Output_OfText_IsSentInBase64()
    {
        var text = NewId();
        await SendAsync("conformance-relay", text);

        var message = await ReceiveAsync("conformance-relayed", $"relayed {text}");
        Assert.Equal($"relayed {text}", message.MessageText);
    }

    [Conformance(Sources.QueueOutput + "#usage", "Of an array, each element is a message; objects are written as JSON.")]
    public async Task Output_OfAnArray_IsSeveralMessages()
    {
        var text = NewId();
        await SendAsync("conformance-relay-many", text);

        await ReceiveAsync("conformance-relayed-many", $$"""{"text":"{{text}}","count":1}""");
        await ReceiveAsync("conformance-relayed-many", $$"""{"text":"{{text}}","count":2}""");
    }

    [Conformance("https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Description/Workers/WorkerFunctionInvoker.cs", "A null output is no message.")]
    public async Task Output_Null_IsNotSent()
    {
        var (nothing, something) = (NewId("null"), NewId());
        await SendAsync("conformance-relay-nothing", nothing);
        await Journal.WaitAsync($"queue-{nothing}");
        await SendAsync("conformance-relay-nothing", something);

        await ReceiveAsync("conformance-relayed-nothing", something);
        Assert.DoesNotContain((await Queue("conformance-relayed-nothing").PeekMessagesAsync(32, Cancellation)).Value, message => message.MessageText.Length == 0);
    }

    [Conformance(Sources.Isolated + "#multiple-output-bindings", "A result with an HTTP response and an output is both.")]
    public async Task Output_BesideAResponse_IsSentToo()
    {
        var text = NewId();
        using var answer = await Http.PostAsync($"api/queues/send/{text}", null, Cancellation);

        Assert.Equal("sent by POST", await answer.Content.ReadAsStringAsync(Cancellation));
        await ReceiveAsync("conformance-sent", text);
    }

    private QueueClient Queue(string name) => new(Host.Storage, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private async Task<SendReceipt> SendAsync(string queue, string text)
    {
        await Queue(queue).CreateIfNotExistsAsync(cancellationToken: Cancellation);
        return await Queue(queue).SendMessageAsync(text, Cancellation);
    }

    /// <summary>Waits for a message of the text and leaves it in the queue.</summary>
    private async Task<PeekedMessage> ReceiveAsync(string queue, string text)
    {
        PeekedMessage? found = null;
        await Eventually.BecomesTrueAsync(
            async () => (await Queue(queue).ExistsAsync(Cancellation)).Value
                && (found = (await Queue(queue).PeekMessagesAsync(32, Cancellation)).Value.FirstOrDefault(message => message.MessageText == text)) is not null,
            Cancellation,
            description: text);
        return found!;
    }
}
