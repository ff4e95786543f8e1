using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FunctionsBroker.FunctionsHost.App;

/// <summary>The build output of an isolated-worker app: its functions, its host.json, its settings and how its worker is started.</summary>
internal sealed class FunctionApp
{
    private const string Runtime = "dotnet-isolated";
    private const string HostJsonVersion = "2.0";

    // Where the real host takes overrides of host.json from: learn.microsoft.com, "host.json reference", "Override host.json values".
    private const string HostSection = "AzureFunctionsJobHost";

    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private FunctionApp(string folder, IReadOnlyList<FunctionDefinition> functions, string executable, string workerFile, IConfigurationRoot settings, IConfigurationRoot host, IReadOnlyDictionary<string, string> localSettings)
    {
        (Folder, Functions, Executable, WorkerFile, Settings, Host, LocalSettings) = (folder, functions, executable, workerFile, settings, host, localSettings);
    }

    public string Folder { get; }

    /// <summary>All functions that are not disabled by an app setting <c>AzureWebJobs.NAME.Disabled</c>.</summary>
    public IReadOnlyList<FunctionDefinition> Functions { get; }

    /// <summary>The program that runs the worker, and the worker's file, from <c>worker.config.json</c>.</summary>
    public string Executable { get; }

    public string WorkerFile { get; }

    /// <summary>The app settings: environment variables, before the values of local.settings.json.</summary>
    public IConfigurationRoot Settings { get; }

    /// <summary>host.json with what the app settings override in it.</summary>
    public IConfigurationRoot Host { get; }

    /// <summary>What local.settings.json adds to the environment.</summary>
    public IReadOnlyDictionary<string, string> LocalSettings { get; }

    public string RoutePrefix => Host["extensions:http:routePrefix"] ?? "api";

    /// <exception cref="HostException">The folder has no app that this host runs.</exception>
    public static FunctionApp Read(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
        {
            throw new HostException(ExitCodes.App, $"there is no folder {folder}; give the build output of a Functions app");
        }

        var local = ReadJson(folder, "local.settings.json");
        if (local?["IsEncrypted"]?.ToString() is "true")
        {
            throw new HostException(ExitCodes.App, $"{Path.Combine(folder, "local.settings.json")} is encrypted; decrypt it, this host reads plain values only");
        }

        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.OrdinalIgnoreCase);
        var localSettings = (local?["Values"]?.AsObject() ?? [])
            .Where(value => !environment.ContainsKey(value.Key))
            .ToDictionary(value => value.Key, value => value.Value?.ToString() ?? "");
        // Keys of settings are spelled with ':' or '__'.
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(localSettings.Select(setting => new KeyValuePair<string, string?>(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .AddEnvironmentVariables()
            .Build();
        CheckRuntime(folder, settings);
        var functions = ReadFunctions(folder).Where(function => !IsDisabled(function.Name, settings)).ToList();
        var worker = ReadJson(folder, "worker.config.json")?["description"]
            ?? throw new HostException(ExitCodes.App, $"{folder} has no worker.config.json; give the build output of an app on Microsoft.Azure.Functions.Worker");
        return new FunctionApp(
            folder,
            functions,
            worker["defaultExecutablePath"]?.ToString() ?? "dotnet",
            worker["defaultWorkerPath"]?.ToString() ?? throw new HostException(ExitCodes.App, $"{folder}: worker.config.json has no defaultWorkerPath"),
            settings,
            ReadHostJson(folder, settings),
            localSettings);
    }

    /// <summary>A setting of the host that is a time.</summary>
    /// <exception cref="HostException">It is none, or not more than zero.</exception>
    public TimeSpan ReadTime(string name, TimeSpan @default) => Settings[name] switch
    {
        null or "" => @default,
        var text when TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero => time,
        var text => throw new HostException(ExitCodes.App, $"the setting {name} is '{text}', which is no time such as {@default}"),
    };

    private static void CheckRuntime(string folder, IConfiguration settings)
    {
        if (settings["FUNCTIONS_WORKER_RUNTIME"] is { Length: > 0 } runtime && !runtime.Equals(Runtime, StringComparison.OrdinalIgnoreCase))
        {
            throw new HostException(ExitCodes.App, $"FUNCTIONS_WORKER_RUNTIME is '{runtime}'; this host runs {Runtime} apps only");
        }

        if (!File.Exists(Path.Combine(folder, "functions.metadata")))
        {
            throw new HostException(ExitCodes.App, $"{folder} has no functions.metadata; give the build output of a {Runtime} app, not its sources");
        }
    }

    private static FunctionDefinition[] ReadFunctions(string folder)
    {
        FunctionDefinition[] functions = [.. (ReadJson(folder, "functions.metadata") as JsonArray ?? []).OfType<JsonObject>().Select(FunctionDefinition.Read)];
        if (functions.FirstOrDefault(function => !function.Language.Equals(Runtime, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new HostException(ExitCodes.App, $"function {other.Name} is written for '{other.Language}'; this host runs {Runtime} apps only");
        }

        return functions;
    }

    private static IConfigurationRoot ReadHostJson(string folder, IConfiguration settings)
    {
        var json = ReadJson(folder, "host.json") as JsonObject
            ?? throw new HostException(ExitCodes.App, $"{folder} has no host.json that is a JSON object");
        if (json["version"]?.ToString() is not HostJsonVersion)
        {
            throw new HostException(ExitCodes.App, $"{Path.Combine(folder, "host.json")}: 'version' must be \"{HostJsonVersion}\", but is {json["version"]?.ToJsonString() ?? "missing"}");
        }

        return new ConfigurationBuilder()
            .AddInMemoryCollection(Flatten("", json))
            .AddInMemoryCollection(settings.GetSection(HostSection).AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
            .Build();
    }

    private static JsonNode? ReadJson(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: s_lenient) : null;
        }
        catch (JsonException exception)
        {
            throw new HostException(ExitCodes.App, $"{path} is not JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCodes.App, $"{path} cannot be read: {exception.Message}");
        }
    }

    private static bool IsDisabled(string function, IConfiguration settings) =>
        bool.TryParse(settings[$"AzureWebJobs.{function}.Disabled"] ?? settings[$"AzureWebJobs:{function}:Disabled"] ?? settings[$"AzureWebJobs_{function}_Disabled"], out var disabled) && disabled;

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string path, JsonNode? node)
    {
        string Below(string key) => path.Length == 0 ? key : $"{path}:{key}";
        return node switch
        {
            JsonObject json => json.SelectMany(pair => Flatten(Below(pair.Key), pair.Value)),
            JsonArray array => array.SelectMany((item, index) => Flatten(Below($"{index}"), item)),
            _ => [new(path, node?.ToString())],
        };
    }
}
