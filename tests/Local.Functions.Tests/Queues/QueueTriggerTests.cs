using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Queues;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Queues;

[Trait("Category", "Emulator")]
public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    private readonly string _source = AzuriteFixture.UniqueName("in");
    private readonly string _target = AzuriteFixture.UniqueName("out");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(typeof(QueueFunctions.Text), "žluť", "žluť")]
    [InlineData(typeof(QueueFunctions.Poco), """{"ID":"a","count":2}""", "a 2")]
    [InlineData(typeof(QueueFunctions.Bytes), "AB", "4142")]
    [InlineData(typeof(QueueFunctions.Data), "data", "data")]
    [InlineData(typeof(QueueFunctions.Metadata), "m", "True 1 m")]
    public async Task Message_IsBoundToTheParametersType(Type function, string text, string noted)
    {
        await using var app = await StartAsync(function);
        await SendAsync(text);

        await NotedAsync(app, 1);

        Assert.Equal([noted], Notes(app));
        await EmptiesAsync(_source);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_InPlainText_IsReadWhenHostJsonSaysSo()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Text), """{ "messageEncoding": "none" }""");
        await SendAsync("plain <text>", QueueMessageEncoding.None);

        await NotedAsync(app, 1);

        Assert.Equal(["plain <text>"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_NotInTheEncoding_GoesToPoisonAsItIs()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Text));
        await SendAsync("*not base64*", QueueMessageEncoding.None);
        await SendAsync("fine");

        var poison = await ReceiveAsync(_source + "-poison", QueueMessageEncoding.None);
        await NotedAsync(app, 1);

        Assert.Equal("*not base64*", poison.MessageText);
        Assert.Equal(["fine"], Notes(app));
        await EmptiesAsync(_source);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_ThatAlwaysFails_IsTriedThenGoesToPoisonAndIsLoggedWithItsId()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Failing), """{ "maxDequeueCount": 3 }""");
        var sent = await SendAsync("bad");

        var poison = await ReceiveAsync(_source + "-poison");

        Assert.Equal("bad", poison.MessageText);
        Assert.Equal(["bad 1", "bad 2", "bad 3"], Notes(app));
        await EmptiesAsync(_source);
        await Eventually.BecomesTrueAsync(
            () => app.Logs.Lines.Any(line => line.Level is LogLevel.Warning && line.Text.Contains(sent, StringComparison.Ordinal)), Cancellation);
        Assert.Equal(3, app.Logs.Lines.Count(line => line.Text.Contains("InvalidOperationException: cannot", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_ThatFailed_StaysInvisibleForTheVisibilityTimeout()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Failing), """{ "visibilityTimeout": "00:01:00" }""");
        await SendAsync("bad");
        await NotedAsync(app, 1);
        var queue = Queue(_source);

        await Eventually.BecomesTrueAsync(
            () => app.Logs.Lines.Any(line => line.Text.Contains("Functions.Failing", StringComparison.Ordinal)), Cancellation);
        await app.StopAsync();

        QueueMessage? visible = await queue.ReceiveMessageAsync(cancellationToken: Cancellation);
        Assert.Null(visible);
        QueueProperties properties = await queue.GetPropertiesAsync(Cancellation);
        Assert.Equal(1, properties.ApproximateMessagesCount);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Messages_OfABatch_RunSideBySideUpToBatchAndThreshold()
    {
        for (var index = 0; index < 6; index++)
        {
            await SendAsync($"{index}");
        }

        await using var app = await StartAsync(typeof(QueueFunctions.Gated), """{ "batchSize": 2, "newBatchThreshold": 1 }""");

        // Two run, which is above the threshold of one: no more are fetched until one of them ends.
        await NotedAsync(app, 2);
        await Eventually.BecomesTrueAsync(async () => (await Queue(_source).PeekMessagesAsync(32, Cancellation)).Value.Length == 4, Cancellation);
        app.Services.GetRequiredService<Signals>().Released.SetResult();

        await NotedAsync(app, 12);
        await EmptiesAsync(_source);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_WhoseFunctionRunsLong_StaysInvisibleAndIsHandledOnce()
    {
        await using var app = await StartAsync(
            typeof(QueueFunctions.Gated), timing: new QueueListenerTiming { ProcessingVisibility = TimeSpan.FromSeconds(2) });
        await SendAsync("long");
        await NotedAsync(app, 1);
        var signals = app.Services.GetRequiredService<Signals>();

        // Longer than the visibility, measured by the service itself: a second message that was sent after and hidden as long.
        var marker = Queue(_target);
        await marker.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await marker.SendMessageAsync("marker", visibilityTimeout: TimeSpan.FromSeconds(4), cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(async () => (await marker.PeekMessagesAsync(1, Cancellation)).Value.Length == 1, Cancellation);
        signals.Released.SetResult();

        await EmptiesAsync(_source);
        Assert.Equal(["begin long", "end long"], Notes(app));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_WhileAFunctionRuns_WaitsForItAndTakesNothingNew()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Gated), """{ "batchSize": 1, "newBatchThreshold": 0 }""");
        var signals = app.Services.GetRequiredService<Signals>();
        await SendAsync("first");
        await signals.Started.Task.WaitAsync(Cancellation);
        await SendAsync("second");

        var stopped = app.StopAsync();
        Assert.False(stopped.IsCompleted);
        signals.Released.SetResult();
        await stopped;

        Assert.Equal(["begin first", "end first"], Notes(app));
        var left = await ReceiveAsync(_source);
        Assert.Equal("second", left.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Output_OfTheMethod_IsSentToACreatedQueueOfItsConnection()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Forwarding));
        await SendAsync("a");

        var forwarded = await ReceiveAsync(_target);

        Assert.Equal("a!", forwarded.MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Output_OfProperties_SendsEachItemAndNothingForNull()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Spreading));
        await SendAsync("s");

        var texts = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            texts.Add((await ReceiveAsync(_target)).MessageText);
        }

        Assert.Equal(["s1", "s2", """{"Id":"s","Count":3}"""], texts.Order(StringComparer.Ordinal));
        await EmptiesAsync(_source);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Output_WithAnHttpResult_AnswersAndSends()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Answering));

        Assert.Equal("sent", await app.Client.GetStringAsync("/api/Answering", Cancellation));
        Assert.Equal("GET", (await ReceiveAsync(_target)).MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_WhileAFunctionHangs_CancelsItAndTheMessageIsDeliveredAgain()
    {
        var time = new ManualTimeProvider();
        await using var app = await StartAsync(typeof(QueueFunctions.Gated), time: time);
        await SendAsync("hung");
        await Eventually.BecomesTrueAsync(
            () =>
            {
                // The listener polls by the test's clock.
                time.Advance(TimeSpan.FromSeconds(1));
                return Notes(app).Count == 1;
            },
            Cancellation);

        var stopped = app.StopAsync();
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return stopped.IsCompleted;
            },
            Cancellation);
        await stopped;

        Assert.Equal(["begin hung"], Notes(app));
        Assert.Equal("hung", (await ReceiveAsync(_source)).MessageText);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Message_OfAPoisonQueue_ThatFailsIsLeftInvisibleAndGoesNowhere()
    {
        var poison = _source + "-poison";
        var queue = Queue(poison);
        await queue.CreateAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("bad", Cancellation);
        await using var app = await StartAsync(typeof(QueueFunctions.Failing), """{ "maxDequeueCount": 1 }""", source: poison);

        await Eventually.BecomesTrueAsync(
            () => app.Logs.Lines.Any(line => line.Text.Contains("InvalidOperationException: cannot", StringComparison.Ordinal)), Cancellation);
        await app.StopAsync();

        Assert.Equal(["bad 1"], Notes(app));
        Assert.Empty((await queue.PeekMessagesAsync(1, Cancellation)).Value);
        Assert.Equal(1, (await queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        Assert.False((await Queue(poison + "-poison").ExistsAsync(Cancellation)).Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task QueueName_InCapitals_IsThatInSmallLetters()
    {
        await using var app = await StartAsync(typeof(QueueFunctions.Text), source: _source.ToUpperInvariant());
        await SendAsync("found");

        await NotedAsync(app, 1);
    }

    [Theory]
    [InlineData("turns", "turns-poison")]
    [InlineData("turns-poison", null)]
    [InlineData("a2345678901234567890123456789012345678901234567890123456", "a2345678901234567890123456789012345678901234567890123456-poison")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567", null)]
    public void PoisonQueue_ByTheNameOfItsQueue_IsThereIfItsOwnNameCanBe(string queue, string? poison) =>
        Assert.Equal(poison, PoisonQueue.NameFor(queue));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Connection_Missing_StopsTheStartAndIsNamed()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => TestApp.StartAsync(
            [typeof(QueueFunctions.Text)], builder => builder.Services.AddSingleton<Signals>(), settings: ("Source", _source)));

        Assert.Contains("AzureWebJobsStorage", exception.Message, StringComparison.Ordinal);
    }

    private Task<TestApp> StartAsync(
        Type function, string queues = "{}", QueueListenerTiming? timing = null, TimeProvider? time = null, string? source = null) => TestApp.StartAsync(
        [function],
        builder =>
        {
            builder.Services.AddSingleton<Signals>();
            builder.Services.AddSingleton(timing ?? new QueueListenerTiming());
            builder.Services.AddSingleton(time ?? TimeProvider.System);
        },
        $$"""{ "version": "2.0", "extensions": { "queues": {{queues}} } }""",
        ("AzureWebJobsStorage", azurite.ConnectionString),
        ("AzureWebJobsElsewhere", azurite.ConnectionString),
        ("Source", source ?? _source),
        ("Target", _target));

    private QueueClient Queue(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(azurite.ConnectionString, name, new QueueClientOptions { MessageEncoding = encoding });

    private async Task<string> SendAsync(string text, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = Queue(_source, encoding);
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        SendReceipt sent = await queue.SendMessageAsync(text, Cancellation);
        return sent.MessageId;
    }

    private async Task<QueueMessage> ReceiveAsync(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = Queue(name, encoding);
        QueueMessage? message = null;
        await Eventually.BecomesTrueAsync(
            async () => (await queue.ExistsAsync(Cancellation)).Value
                && (message = (await queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value) is not null,
            Cancellation);
        return message!;
    }

    private Task EmptiesAsync(string name) => Eventually.BecomesTrueAsync(
        async () => (await Queue(name).GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0, Cancellation);

    private static Task NotedAsync(TestApp app, int count) =>
        Eventually.BecomesTrueAsync(() => Notes(app).Count >= count, Cancellation);

    private static IReadOnlyCollection<string> Notes(TestApp app) => app.Services.GetRequiredService<Signals>().Notes;
}
