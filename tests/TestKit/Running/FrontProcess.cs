using System.Text.Json.Nodes;

namespace FunctionsBroker.TestKit.Running;

/// <summary>The front as it is built, under the local Functions host, with keys of its own.</summary>
public sealed class FrontProcess : IAsyncDisposable
{
    private const string App = "FunctionsBroker.Functions";

    private readonly TempDirectory _secrets;

    private FrontProcess(FunctionsHostProcess host, TempDirectory secrets, string key) => (Host, _secrets, FunctionKey) = (host, secrets, key);

    public FunctionsHostProcess Host { get; }

    /// <summary>The key that opens its functions, for the header <c>x-functions-key</c>.</summary>
    public string FunctionKey { get; }

    /// <summary>Starts it, and waits until it takes requests.</summary>
    /// <param name="connectionString">Of its storage account.</param>
    /// <param name="settings">Its app settings as environment variables, such as <c>Broker__CallbackKey</c>.</param>
    /// <param name="functionKeys">The keys that open its functions, the tests' own first; one that it makes where there are none.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message shows its last lines.</exception>
    /// <exception cref="TimeoutException">It was not ready in time; the message shows its last lines.</exception>
    public static async Task<FrontProcess> StartAsync(
        string connectionString,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken,
        params IReadOnlyList<string> functionKeys)
    {
        ArgumentNullException.ThrowIfNull(settings);

        var secrets = new TempDirectory();
        try
        {
            IReadOnlyList<string> keys = functionKeys is [] ? [Guid.NewGuid().ToString("N")] : functionKeys;
            await File.WriteAllTextAsync(secrets.Combine("host.json"), SecretsWith(keys), cancellationToken);
            var all = new Dictionary<string, string>(settings)
            {
                ["AzureWebJobsStorage"] = connectionString,
                ["AzureWebJobsSecretsPath"] = secrets.Path,
            };
            var host = await FunctionsHostProcess.StartAsync(FunctionsHostProcess.AppFolder(App), all, cancellationToken);
            return new FrontProcess(host, secrets, keys[0]);
        }
        catch
        {
            secrets.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="FunctionsHostProcess.DisposeAsync"/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _secrets.Dispose();
    }

    private static string SecretsWith(IReadOnlyList<string> keys) =>
        new JsonObject
        {
            ["masterKey"] = new JsonObject { ["name"] = "master", ["value"] = Guid.NewGuid().ToString("N"), ["encrypted"] = false },
            ["functionKeys"] = new JsonArray([.. keys.Select((key, index) => new JsonObject { ["name"] = $"key-{index}", ["value"] = key, ["encrypted"] = false })]),
        }.ToJsonString();
}
