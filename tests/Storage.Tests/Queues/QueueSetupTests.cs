using System.Net;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Storage.Queues;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Storage.Tests.Queues;

[Trait("Category", "Emulator")]
public sealed class QueueSetupTests(AzuriteFixture azurite)
{
    private static readonly string[] s_queues = [QueueNames.Poison, QueueNames.Replies, QueueNames.Turns];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Starting_QueuesThatAreThereOrNot_AreThere()
    {
        await StartAsync(_ => StorageFault.None);
        await StartAsync(_ => StorageFault.None);

        await AssertQueuesAsync();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Starting_WhileStorageIsAway_WaitsUntilItIsBack()
    {
        await StartAsync(request => request switch
        {
            <= 3 => StorageFault.RequestLost,
            <= 6 => StorageFault.Answers(HttpStatusCode.ServiceUnavailable),
            _ => StorageFault.None,
        });

        await AssertQueuesAsync();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Starting_WithAnIdentityThatMayNot_Fails()
    {
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => StartAsync(_ => StorageFault.Answers(HttpStatusCode.Forbidden)));

        Assert.Equal(403, refused.Status);
    }

    private async Task StartAsync(Func<int, StorageFault> choose)
    {
        using var http = new HttpClient(new FaultyHandler((_, number) => choose(number)));
        var options = new QueueClientOptions { Transport = new HttpClientTransport(http), Retry = { MaxRetries = 0 } };
        var setup = new QueueSetup(new QueueServiceClient(azurite.ConnectionString, options), TimeProvider.System, NullLogger<QueueSetup>.Instance);
        await setup.StartingAsync(Cancellation);
    }

    private async Task AssertQueuesAsync()
    {
        var there = await new QueueServiceClient(azurite.ConnectionString).GetQueuesAsync(cancellationToken: Cancellation)
            .Select(queue => queue.Name)
            .ToListAsync(Cancellation);
        Assert.Subset(there.ToHashSet(), s_queues.ToHashSet());
    }
}
