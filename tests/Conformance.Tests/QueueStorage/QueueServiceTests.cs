using Azure.Storage.Queues.Models;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.QueueStorage;

public sealed class QueueServiceTests(ConformanceHost host) : QueueTest(host)
{
    [Conformance(Sources.CreateQueue, "Creating a queue that exists with other metadata is 409 QueueAlreadyExists.")]
    public async Task Create_WithOtherMetadata_IsAConflict() => Assert.Equal(
        (409, "QueueAlreadyExists"), await FailureOfAsync(() => Queue.CreateAsync(new Dictionary<string, string> { ["other"] = "x" }, Cancellation)));

    [Conformance(Sources.CreateQueue + "#remarks", "Creating a queue that exists with the same metadata is 204.")]
    public async Task Create_Again_IsNoContent() => Assert.Equal(204, (await Queue.CreateAsync(cancellationToken: Cancellation)).Status);

    [Conformance(Sources.QueueClientClass + "#CreateIfNotExistsAsync", "Creating if it does not exist answers 201 the first time, null after that.")]
    public async Task CreateIfNotExists_Twice_AnswersOnce()
    {
        var queue = Service.GetQueueClient(NewName());

        Assert.Equal(201, (await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation)).Status);
        Assert.Null(await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation));
        Assert.True((await queue.DeleteIfExistsAsync(Cancellation)).Value);
        Assert.False((await queue.DeleteIfExistsAsync(Cancellation)).Value);
    }

    [Conformance(Sources.DeleteQueue, "Deleting a queue that does not exist is 404 QueueNotFound.")]
    public async Task Delete_Nothing_IsNotFound() =>
        Assert.Equal((404, "QueueNotFound"), await FailureOfAsync(() => Service.DeleteQueueAsync(NewName(), Cancellation)));

    [Conformance(Sources.QueueErrors, "A message to a queue that does not exist is 404 QueueNotFound.")]
    public async Task Send_ToNoQueue_IsNotFound() =>
        Assert.Equal((404, "QueueNotFound"), await FailureOfAsync(() => Service.GetQueueClient(NewName()).SendMessageAsync("text", Cancellation)));

    [Conformance(Sources.QueueMetadata, "Metadata that are set take the place of those before.")]
    public async Task Metadata_Set_ReplaceThoseBefore()
    {
        await Queue.SetMetadataAsync(new Dictionary<string, string> { ["one"] = "1" }, Cancellation);
        await Queue.SetMetadataAsync(new Dictionary<string, string> { ["two"] = "2" }, Cancellation);

        QueueProperties properties = await Queue.GetPropertiesAsync(Cancellation);
        Assert.Equal("2", Assert.Single(properties.Metadata).Value);
    }

    [Conformance(Sources.GetQueueMetadata, "The count of messages includes invisible ones.")]
    public async Task Count_WithInvisibleMessages_CountsThem()
    {
        await Queue.SendMessageAsync("a", Cancellation);
        await Queue.SendMessageAsync("b", Cancellation);
        await Queue.ReceiveMessageAsync(Minute, Cancellation);

        Assert.Equal(2, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Conformance(Sources.QueueNames + "#queue-names", "A queue's name is of 3 to 63 lower-case letters, digits and single dashes.")]
    public async Task Create_WithAnUnusableName_IsRefused()
    {
        foreach (var name in (string[])["ab", "UPPER", "double--dash", new string('x', 64)])
        {
            Assert.Equal(400, (await FailureOfAsync(() => Service.GetQueueClient(name).CreateAsync(cancellationToken: Cancellation))).Status);
        }
    }

    [Conformance(Sources.ListQueues, "Queues are listed by prefix, in pages, with their metadata if asked for.")]
    public async Task Queues_ByPrefix_AreListed()
    {
        var prefix = NewName()[..20];
        for (var index = 0; index < 3; index++)
        {
            await Service.CreateQueueAsync($"{prefix}{index}", new Dictionary<string, string> { ["index"] = $"{index}" }, Cancellation);
        }

        var pages = await Service.GetQueuesAsync(QueueTraits.Metadata, prefix, Cancellation).AsPages(pageSizeHint: 2).ToListAsync(Cancellation);

        Assert.Equal([2, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(["0", "1", "2"], pages.SelectMany(page => page.Values).Select(queue => queue.Metadata["index"]));
    }
}
