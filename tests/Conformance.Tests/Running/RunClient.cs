using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>Drives orchestrations through the app's endpoints.</summary>
public sealed class RunClient(HttpClient http)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <returns>The instance's id.</returns>
    public async Task<string> StartAsync(
        string orchestrator, object? input = null, string? id = null, DateTimeOffset? startAt = null, string? version = null) =>
        (await AppAnswer.PostAsync<string>(
            http,
            $"api/runs/{orchestrator}?id={Uri.EscapeDataString(id ?? string.Empty)}&startAt={Uri.EscapeDataString($"{startAt:O}")}&version={version}",
            input))!;

    /// <summary>Starts one and waits for its end.</summary>
    public async Task<Run> RunAsync(string orchestrator, object? input = null, string? id = null, string? version = null) =>
        await WaitAsync(await StartAsync(orchestrator, input, id, version: version));

    /// <summary>Starts one that must complete, and returns what it answers.</summary>
    public async Task<T> ResultOfAsync<T>(string orchestrator, object? input = null)
    {
        var run = await RunAsync(orchestrator, input);
        Assert.Equal("Completed", run.Status);
        return run.Result<T>();
    }

    public Task<Run?> GetAsync(string id, bool bare = false) =>
        AppAnswer.GetAsync<Run>(http, $"api/runs/{Uri.EscapeDataString(id)}{(bare ? "?bare" : string.Empty)}");

    public async Task<Run> WaitAsync(string id) => (await AppAnswer.GetAsync<Run>(http, $"api/runs/{Uri.EscapeDataString(id)}/completed"))!;

    public async Task<Run> WaitForStartAsync(string id) => (await AppAnswer.GetAsync<Run>(http, $"api/runs/{Uri.EscapeDataString(id)}/started"))!;

    /// <summary>Waits until the instance is in a status.</summary>
    public async Task<Run> WaitForAsync(string id, Predicate<Run> condition)
    {
        Run? run = null;
        await Eventually.BecomesTrueAsync(async () => (run = await GetAsync(id)) is not null && condition(run), Cancellation, description: id);
        return run!;
    }

    public Task RaiseAsync(string id, string name, object? payload = null) =>
        AppAnswer.PostAsync<string>(http, $"api/runs/{Uri.EscapeDataString(id)}/events/{name}", payload);

    public Task TerminateAsync(string id, string? output) =>
        AppAnswer.PostAsync<string>(http, $"api/runs/{Uri.EscapeDataString(id)}/terminate", output);

    public Task SuspendAsync(string id) => AppAnswer.PostAsync<string>(http, $"api/runs/{Uri.EscapeDataString(id)}/suspend", null);

    public Task ResumeAsync(string id) => AppAnswer.PostAsync<string>(http, $"api/runs/{Uri.EscapeDataString(id)}/resume", null);

    public Task<int> PurgeAsync(string id) => AppAnswer.PostAsync<int>(http, $"api/runs/{Uri.EscapeDataString(id)}/purge", null);

    /// <param name="filter">As JSON: createdFrom, createdTo, statuses (numbers).</param>
    public Task<int> PurgeManyAsync(object filter) => AppAnswer.PostAsync<int>(http, "api/queries/purge", filter);

    /// <param name="query">As JSON: the properties of an orchestration query.</param>
    public async Task<RunPage[]> ListAsync(object query) => (await AppAnswer.PostAsync<RunPage[]>(http, "api/queries/runs", query))!;
}
