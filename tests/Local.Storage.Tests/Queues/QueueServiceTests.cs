using Azure.Storage.Queues.Models;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Queues;

[Trait("Category", "Emulator")]
public sealed class QueueServiceTests(AzuriteFixture azurite) : QueueTest(azurite)
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CreateIfNotExists_NewQueue_AnswersCreated()
    {
        var queue = Service.GetQueueClient(AzuriteFixture.UniqueName());

        Assert.False((await queue.ExistsAsync(Cancel)).Value);
        Assert.Equal(201, (await queue.CreateIfNotExistsAsync(cancellationToken: Cancel)).Status);
        Assert.True((await queue.ExistsAsync(Cancel)).Value);
        Assert.True((await queue.DeleteIfExistsAsync(Cancel)).Value);
        Assert.False((await queue.DeleteIfExistsAsync(Cancel)).Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CreateIfNotExists_ExistingQueue_GivesNull()
    {
        Assert.Null(await Queue.CreateIfNotExistsAsync(cancellationToken: Cancel));
        Assert.Null(await Queue.CreateIfNotExistsAsync(new Dictionary<string, string> { ["other"] = "metadata" }, Cancel));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Create_ExistingQueueWithOtherMetadata_IsConflict() =>
        Assert.Equal(
            (409, "QueueAlreadyExists"),
            await FailureOfAsync(() => Queue.CreateAsync(new Dictionary<string, string> { ["other"] = "metadata" }, Cancel)));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_NoSuchQueue_IsNotFound() =>
        Assert.Equal((404, "QueueNotFound"), await FailureOfAsync(() => Service.DeleteQueueAsync(AzuriteFixture.UniqueName(), Cancel)));

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("abc", true)]
    [InlineData("a1-b2-c3", true)]
    [InlineData("123", true)]
    [InlineData("ab", false)]
    [InlineData("Abc", false)]
    [InlineData("-abc", false)]
    [InlineData("abc-", false)]
    [InlineData("a--b", false)]
    [InlineData("a_b", false)]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890abcd", false)]
    public async Task Create_ByName_FollowsTheRulesForNames(string name, bool allowed)
    {
        if (allowed)
        {
            await Service.CreateQueueAsync(name, cancellationToken: Cancel);
            await Service.DeleteQueueAsync(name, Cancel);
        }
        else
        {
            Assert.Equal(400, (await FailureOfAsync(() => Service.CreateQueueAsync(name, cancellationToken: Cancel))).Status);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Properties_Metadata_IsWhatWasSet()
    {
        await Queue.SetMetadataAsync(new Dictionary<string, string> { ["purpose"] = "test" }, Cancel);

        QueueProperties properties = await Queue.GetPropertiesAsync(Cancel);

        Assert.Equal("test", properties.Metadata["purpose"]);
        Assert.Equal(0, properties.ApproximateMessagesCount);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetQueues_ByPrefix_ListsThoseByPages()
    {
        var prefix = AzuriteFixture.UniqueName("list");
        for (var number = 0; number < 3; number++)
        {
            await Service.CreateQueueAsync($"{prefix}{number}", new Dictionary<string, string> { ["number"] = $"{number}" }, Cancel);
        }

        var pages = await Service.GetQueuesAsync(QueueTraits.Metadata, prefix, Cancel).AsPages(pageSizeHint: 2).ToListAsync(Cancel);

        Assert.Equal([2, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(["0", "1", "2"], pages.SelectMany(page => page.Values).Select(queue => queue.Metadata["number"]));
        Assert.Equal(prefix + "0", pages[0].Values[0].Name);
    }

    [Fact]
    public void Clients_OfAnAccount_KnowTheirNamesAndAddresses()
    {
        Assert.Equal("devstoreaccount1", Service.AccountName);
        Assert.Equal(("devstoreaccount1", $"{Service.Uri.AbsoluteUri}/{Queue.Name}"), (Queue.AccountName, Queue.Uri.AbsoluteUri));
    }
}
