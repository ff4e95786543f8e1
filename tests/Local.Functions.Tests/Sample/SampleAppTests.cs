using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsBroker.Local.Functions.Tests.Sample;

/// <summary>The answers that the sample app gave on the published packages and the real engine, given again.</summary>
[Trait("Category", "Emulator")]
public sealed class SampleAppTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Table_AllOperations_AnswerAsRecorded()
    {
        await using var app = await StartAsync();

        var answer = await app.Client.GetStringAsync("/api/table", Cancellation);

        Assert.Equal(
            """{"stale":"412 UpdateConditionNotSatisfied","dup":"409 EntityAlreadyExists","tx":"409 EntityAlreadyExists idx=1","n":1,"has":false,"types":["odata.etag:String","PartitionKey:String","RowKey:String","A:Int32","L:Int64","D:DateTimeOffset","S:String","Timestamp:DateTimeOffset"]}""",
            answer);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Orchestration_FromStartToReply_AnswersAsRecorded()
    {
        await using var app = await StartAsync();
        var id = $"run-{Guid.NewGuid():N}";

        using var started = await PostOrderAsync(app, id);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal($"/api/runs/{id}", started.Headers.Location!.OriginalString);
        Assert.Equal("Start", started.Headers.GetValues("x-mw").Single());

        using var again = await PostOrderAsync(app, id);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(
            $"DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException: An Orchestration instance with the ID {id} already exists.",
            await again.Content.ReadAsStringAsync(Cancellation));

        await Eventually.BecomesTrueAsync(async () => (await RunAsync(app, id))["serializedCustomStatus"] is not null, Cancellation);
        Assert.Equal(
            """{"status":"Running","serializedOutput":null,"serializedCustomStatus":"{\"phase\":\"waiting\",\"v\":5}","fail":null}""",
            await app.Client.GetStringAsync($"/api/runs/{id}", Cancellation));

        using var raised = await app.Client.PostAsync($"/api/runs/{id}/reply", null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);

        await Eventually.BecomesTrueAsync(async () => (string?)(await RunAsync(app, id))["status"] == "Completed", Cancellation);
        Assert.Equal(
            $"\"said {id} inst={id} 5 hi fail=System.ArgumentException|boom| ef=System.InvalidOperationException|entity boom\"",
            (string?)(await RunAsync(app, id))["serializedOutput"]);
        Assert.Equal(
            $$"""{"id":"@counter@{{id}}","value":105,"all":1}""", await app.Client.GetStringAsync($"/api/counter/{id}", Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Reply_ToNoInstance_FailsAndNamesIt()
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.PostAsync("/api/runs/nope/reply", null, Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("No instance with ID 'nope' was found.", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task UnknownRoute_Answers404()
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.GetAsync("/api/nothing", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task QueueMessage_ThroughOutputAndSecondTrigger_ReachesTheEntity()
    {
        var source = AzuriteFixture.UniqueName("in");
        await using var app = await StartAsync(source);
        var queue = new QueueClient(azurite.ConnectionString, source, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("hello", Cancellation);

        await Eventually.BecomesTrueAsync(
            async () => await app.Client.GetStringAsync("/api/counter/q", Cancellation) == """{"id":"@counter@q","value":6,"all":1}""", Cancellation);
    }

    private Task<TestApp> StartAsync(string? source = null) => TestApp.StartAsync(
        [typeof(SampleFunctions), typeof(SampleOrchestration), typeof(SampleCounter)],
        builder =>
        {
            builder.UseMiddleware<SampleMiddleware>();
            builder.Services.AddSingleton(new TableServiceClient(azurite.ConnectionString));
        },
        """{ "version": "2.0", "extensions": { "durableTask": { "hubName": "%Hub%" } } }""",
        ("AzureWebJobsStorage", azurite.ConnectionString),
        ("Hub", AzuriteFixture.UniqueName("hub")),
        ("In", source ?? AzuriteFixture.UniqueName("in")),
        ("Out", AzuriteFixture.UniqueName("out")));

    private static async Task<HttpResponseMessage> PostOrderAsync(TestApp app, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/runs/{id}");
        request.Headers.Add("x-functions-key", Secrets.HostKey(app));
        request.Content = new StringContent($$"""{"id":"{{id}}","n":5}""", Encoding.UTF8, "application/json");
        return await app.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonNode> RunAsync(TestApp app, string id) =>
        JsonNode.Parse(await app.Client.GetStringAsync($"/api/runs/{id}", Cancellation))!;
}
