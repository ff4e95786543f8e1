using System.Net;
using System.Net.Http.Headers;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>What the clients do when storage fails, shown on a connection that fails as told.</summary>
[Trait("Category", "Emulator")]
public sealed class RetriesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = AzuriteFixture.UniqueName();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await new TableClient(azurite.ConnectionString, _name).CreateAsync(Cancel);
        await new QueueClient(azurite.ConnectionString, _name).CreateAsync(cancellationToken: Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Write_ServiceFailsTwice_IsTriedAgain(HttpStatusCode status)
    {
        var connection = new FaultyHandler((_, number) => number <= 2 ? StorageFault.Answers(status) : StorageFault.None);

        await Table(connection).AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal(3, connection.Requests);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_RequestLost_IsTriedAgain()
    {
        var connection = new FaultyHandler((_, number) => number == 1 ? StorageFault.RequestLost : StorageFault.None);

        await Queue(connection).SendMessageAsync("text", Cancel);

        Assert.Equal(2, connection.Requests);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Transaction_RequestLost_IsSentWholeAgain()
    {
        var connection = new FaultyHandler((_, number) => number == 1 ? StorageFault.RequestLost : StorageFault.None);

        await Table(connection).SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))], Cancel);

        Assert.Equal(2, connection.Requests);
    }

    /// <summary>The real package's trap, too: an add may fail as a duplicate of itself.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_AnswerLost_FailsOnItsOwnEntity()
    {
        var connection = new FaultyHandler((_, number) => number == 1 ? StorageFault.AnswerLost : StorageFault.None);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(connection).AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal((409, "EntityAlreadyExists"), (failure.Status, failure.ErrorCode));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_ServiceStaysDown_FailsWithItsStatus()
    {
        var connection = new FaultyHandler((_, _) => StorageFault.Answers(HttpStatusCode.ServiceUnavailable));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(connection).AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(503, failure.Status);
        Assert.Equal(4, connection.Requests);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_ServiceStaysAway_FailsWithEveryTry()
    {
        var connection = new FaultyHandler((_, _) => StorageFault.RequestLost);

        var failure = await Assert.ThrowsAsync<AggregateException>(() => Queue(connection).SendMessageAsync("text", Cancel));

        Assert.Equal(4, failure.InnerExceptions.Count);
        Assert.All(failure.InnerExceptions, inner => Assert.Equal(0, Assert.IsType<RequestFailedException>(inner).Status));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.PreconditionFailed)]
    public async Task Write_Refused_IsNotTriedAgain(HttpStatusCode status)
    {
        var connection = new FaultyHandler((_, _) => StorageFault.Answers(status));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(connection).AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(((int)status, 1), (failure.Status, connection.Requests));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_ServiceSaysWhenToComeAgain_WaitsThatLong()
    {
        var time = TimeProvider.System;
        var starts = new List<long>();
        var connection = new RetryAfterHandler(() => starts.Add(time.GetTimestamp()));

        await new TableClient(azurite.ConnectionString, _name, Fast(new TableClientOptions(), connection)).AddEntityAsync(new TableEntity("p", "r"), Cancel);

        // Without the header the second try would follow after a millisecond.
        Assert.Equal(2, starts.Count);
        Assert.InRange(time.GetElapsedTime(starts[0], starts[1]), TimeSpan.FromSeconds(0.9), TimeSpan.MaxValue);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_AnswerThatDoesNotCome_IsTriedAgainAfterTheNetworkTimeout()
    {
        var tries = 0;
        var connection = new HangingHandler(() => Interlocked.Increment(ref tries) == 1);
        var options = Fast(new QueueClientOptions(), connection);
        options.Retry.NetworkTimeout = TimeSpan.FromMilliseconds(200);

        await new QueueClient(azurite.ConnectionString, _name, options).SendMessageAsync("text", Cancel);

        Assert.Equal(2, tries);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SharedAccessSignature_OnRetries_IsSentOnce()
    {
        var queries = new List<string>();
        var connection = new FaultyHandler((request, number) =>
        {
            queries.Add(request.RequestUri!.Query);
            return number <= 2 ? StorageFault.RequestLost : StorageFault.None;
        });
        var credential = new AzureSasCredential(SharedAccessSignatures.Create(TimeProvider.System.GetUtcNow().AddHours(1)));
        var table = new TableServiceClient(azurite.Azurite.TableEndpoint, credential, Fast(new TableClientOptions(), connection)).GetTableClient(_name);

        await table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal(3, queries.Count);
        Assert.All(queries, query => Assert.Equal("?" + credential.Signature, query));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Call_Cancelled_EndsAtOnce()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new TableClient(azurite.ConnectionString, _name).AddEntityAsync(new TableEntity("p", "r"), cancelled.Token));
    }

    private TableClient Table(FaultyHandler connection) => new(azurite.ConnectionString, _name, Fast(new TableClientOptions(), connection));

    private QueueClient Queue(FaultyHandler connection) => new(azurite.ConnectionString, _name, Fast(new QueueClientOptions(), connection));

    private static T Fast<T>(T options, HttpMessageHandler connection)
        where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(connection);
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
        return options;
    }

    /// <summary>Says once that the service is busy, and for how long.</summary>
    private sealed class RetryAfterHandler(Action began) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            began();
            if (_requests++ > 0)
            {
                return base.SendAsync(request, cancellationToken);
            }

            var busy = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
            busy.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(1));
            return Task.FromResult(busy);
        }
    }

    /// <summary>Gives no answer to the requests that a test chooses.</summary>
    private sealed class HangingHandler(Func<bool> hangs) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (hangs())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
