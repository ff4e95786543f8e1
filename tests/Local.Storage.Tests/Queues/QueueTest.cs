using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Queues;

/// <summary>Tests with a queue of their own.</summary>
public abstract class QueueTest : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite;

    protected QueueTest(AzuriteFixture azurite)
    {
        _azurite = azurite;
        Service = new QueueServiceClient(azurite.ConnectionString);
        Queue = Service.GetQueueClient(AzuriteFixture.UniqueName());
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected QueueServiceClient Service { get; }

    protected QueueClient Queue { get; }

    public virtual async ValueTask InitializeAsync() => await Queue.CreateAsync(cancellationToken: Cancel);

    public virtual async ValueTask DisposeAsync()
    {
        await Queue.DeleteIfExistsAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    /// <summary>The same queue with other options.</summary>
    protected QueueClient WithOptions(QueueClientOptions options) => new(_azurite.ConnectionString, Queue.Name, options);

    protected static async Task<(int Status, string? Code)> FailureOfAsync(Func<Task> action)
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(action);
        return (failure.Status, failure.ErrorCode);
    }
}
