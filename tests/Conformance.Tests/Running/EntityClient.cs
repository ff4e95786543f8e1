using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>Drives entities through the app's endpoints.</summary>
public sealed class EntityClient(HttpClient http)
{
    private const string Tally = "Tally";

    private readonly RunClient _runs = new(http);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task SignalEntityAsync(string name, string key, string operation, object? input = null, DateTimeOffset? at = null) =>
        AppAnswer.PostAsync<string>(http, $"api/entities/{name}/{key}/{operation}?at={Uri.EscapeDataString($"{at:O}")}", input);

    public Task SignalAsync(string key, string operation, object? input = null) => SignalEntityAsync(Tally, key, operation, input);

    public Task<EntityView?> GetAsync(string name, string key, bool bare = false) =>
        AppAnswer.GetAsync<EntityView>(http, $"api/entities/{name}/{key}{(bare ? "?bare" : string.Empty)}");

    /// <summary>Calls an operation of Tally from an orchestration; an entity failure is the orchestration's output.</summary>
    public Task<Run> CallAsync(string key, string operation, object? input = null) => CallAsync(Tally, key, operation, input);

    public Task<Run> CallAsync(string name, string key, string operation, object? input) =>
        _runs.RunAsync("CallEntity", new { name, key, operation, input });

    /// <summary>The state of a Tally; null if there is none.</summary>
    public async Task<TallyState?> StateAsync(string key) =>
        (await GetAsync(Tally, key))?.State?.Deserialize<TallyState>(JsonSerializerOptions.Web);

    /// <summary>Waits until a Tally has a value.</summary>
    public async Task<TallyState> WaitForValueAsync(string key, int value)
    {
        TallyState? state = null;
        await Eventually.BecomesTrueAsync(async () => (state = await StateAsync(key))?.Value == value, Cancellation, description: $"{key} = {value}");
        return state!;
    }

    /// <param name="query">As JSON: the properties of an entity query.</param>
    public async Task<EntityPage[]> ListAsync(object query) => (await AppAnswer.PostAsync<EntityPage[]>(http, "api/queries/entities", query))!;

    /// <returns>How many empty entities were removed.</returns>
    public async Task<int> CleanAsync() =>
        (await AppAnswer.PostAsync<JsonElement>(http, "api/queries/clean-entities", null)).GetProperty("emptyEntitiesRemoved").GetInt32();
}
