using System.Net;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Tests.Http;

public sealed class HttpThrottleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Requests_BeyondThoseThatMayRun_Wait()
    {
        await using var app = await StartAsync("""{ "maxConcurrentRequests": 2 }""");

        var requests = Enumerable.Range(0, 5).Select(number => app.Client.GetStringAsync($"/api/Working?number={number}", Cancellation)).ToList();
        await NotedAsync(app, 2);
        app.Services.GetRequiredService<Signals>().Released.SetResult();
        await Task.WhenAll(requests);

        Assert.All(Notes(app), note => Assert.InRange(int.Parse(note, provider: null), 1, 2));
        Assert.Equal(5, Notes(app).Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Requests_BeyondThoseThatMayRunOrWait_AreToldToComeAgain()
    {
        await using var app = await StartAsync("""{ "maxConcurrentRequests": 1, "maxOutstandingRequests": 2 }""");
        var running = app.Client.GetAsync("/api/Working", Cancellation);
        await NotedAsync(app, 1);

        // There is one more place, for whichever of the two comes first; the other is refused while both the rest go on.
        Task<HttpResponseMessage>[] two = [app.Client.GetAsync("/api/Working", Cancellation), app.Client.GetAsync("/api/Working", Cancellation)];
        using var refused = await await Task.WhenAny(two);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(["1"], refused.Headers.GetValues("X-FUNCTION-SCALEOUT"));
        Assert.Contains("maxOutstandingRequests", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        app.Services.GetRequiredService<Signals>().Released.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.Single(await Task.WhenAll(two), answer => answer.StatusCode is HttpStatusCode.OK);
        using var later = await app.Client.GetAsync("/api/Working", Cancellation);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    private static Task<TestApp> StartAsync(string http) => TestApp.StartAsync(
        [typeof(Worker)],
        builder => builder.Services.AddSingleton<Signals>().AddSingleton<Count>(),
        $$"""{ "version": "2.0", "extensions": { "http": {{http}} } }""");

    private static Task NotedAsync(TestApp app, int count) => Eventually.BecomesTrueAsync(() => Notes(app).Count == count, Cancellation);

    private static IReadOnlyCollection<string> Notes(TestApp app) => app.Services.GetRequiredService<Signals>().Notes;

    internal sealed class Count
    {
        private int _running;

        public int Enter() => Interlocked.Increment(ref _running);

        public void Leave() => Interlocked.Decrement(ref _running);
    }

    internal sealed class Worker(Signals signals, Count count)
    {
        [Function("Working")]
        public async Task<IResult> WorkAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            signals.Note($"{count.Enter()}");
            await signals.Released.Task.WaitAsync(cancellationToken);
            count.Leave();
            return Results.Ok();
        }
    }
}
