using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.QueueStorage;

/// <summary>Cases with a queue of their own.</summary>
public abstract class QueueTest : ConformanceTest, IAsyncLifetime
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected QueueTest(ConformanceHost host)
        : base(host)
    {
        Service = new QueueServiceClient(host.Storage);
        Queue = Service.GetQueueClient(NewName());
    }

    protected QueueServiceClient Service { get; }

    protected QueueClient Queue { get; }

    /// <summary>The same queue, in base64.</summary>
    protected QueueClient Base64 => new(Host.Storage, Queue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    public async ValueTask InitializeAsync() => await Queue.CreateAsync(cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Queue.DeleteIfExistsAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    protected static string NewName() => $"q{Guid.NewGuid():N}";

    protected static async Task<(int Status, string? Code)> FailureOfAsync(Func<Task> action)
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(action);
        return (failure.Status, failure.ErrorCode);
    }
}
