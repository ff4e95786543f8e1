using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Functions.Tests.Hosting;

/// <summary>How a whole app ends: in order, and not.</summary>
[Trait("Category", "Emulator")]
public sealed class ProcessTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private Azurite _azurite = null!;
    private QueueClient _queue = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Gate => _folder.Combine("gate");

    public async ValueTask InitializeAsync()
    {
        // Of its own: the app's task hub bears the name that every app without a name has.
        _azurite = await Azurite.StartInMemoryAsync(Cancellation);
        _queue = new QueueClient(_azurite.ConnectionString, "in-queue", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await _queue.CreateAsync(cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Termination_LetsRequestsAndMessagesFinishWhileTheTaskHubRunsAndTakesNothingNew()
    {
        await using var app = Start("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 1, "newBatchThreshold": 0 } } }""");
        var url = await app.StartedAsync();
        using var http = new HttpClient { BaseAddress = url };
        var request = http.GetStringAsync("/api/Request", Cancellation);
        await app.SaidAsync("begin request");
        await _queue.SendMessageAsync("first", Cancellation);
        await app.SaidAsync("begin first 1");
        await _queue.SendMessageAsync("second", Cancellation);

        app.Terminate();
        await NoLongerListensAsync(url);
        await File.WriteAllTextAsync(Gate, "open", Cancellation);

        Assert.Equal("hello there", await request);
        Assert.Equal(0, (await app.ExitedAsync()).Code);
        await app.SaidAsync("end first 1");
        Assert.DoesNotContain(app.Output, line => line.StartsWith("begin second", StringComparison.Ordinal));
        QueueMessage left = await _queue.ReceiveMessageAsync(cancellationToken: Cancellation);
        Assert.Equal("second", left.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Kill_WhileAMessageIsHandled_LeavesItInTheQueueAndItIsHandledAgain()
    {
        await _queue.SendMessageAsync("precious", Cancellation);
        await using (var killed = Start("""{ "version": "2.0" }"""))
        {
            var words = (await killed.SaidAsync("begin precious 1")).Split(' ');
            await killed.KillAsync();

            // What ten minutes of waiting would do: its time of being invisible ends.
            await _queue.UpdateMessageAsync(words[3], words[4], visibilityTimeout: TimeSpan.Zero, cancellationToken: Cancellation);
        }

        await File.WriteAllTextAsync(Gate, "open", Cancellation);
        await using var next = Start("""{ "version": "2.0" }""");
        await next.SaidAsync("end precious 2");

        await Eventually.BecomesTrueAsync(
            async () => (await _queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0, Cancellation);
    }

    private AppProcess Start(string hostJson)
    {
        File.WriteAllText(_folder.Combine("host.json"), hostJson);
        return AppProcess.Start(
            _folder, ("AzureWebJobsStorage", _azurite.ConnectionString), ("Source", _queue.Name), ("Schedule", "0 0 0 1 1 *"), ("Gate", Gate));
    }

    private static Task NoLongerListensAsync(Uri url) => Eventually.BecomesTrueAsync(
        async () =>
        {
            using var http = new HttpClient();
            try
            {
                using var answer = await http.GetAsync(url, Cancellation);
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        },
        Cancellation);
}
