using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Reads host.json; settings <c>AzureFunctionsJobHost__path__to__key</c> override its values, as on the real host.</summary>
internal static class HostJsonReader
{
    public const string FileName = "host.json";

    private const string OverrideSection = "AzureFunctionsJobHost";

    /// <exception cref="InvalidDataException">The file is malformed, or one of its values is; the message names file and key.</exception>
    public static HostJson Read(string scriptRoot, IConfiguration settings)
    {
        var path = Path.Combine(scriptRoot, FileName);
        var file = new ConfigurationBuilder();
        if (File.Exists(path))
        {
            file.AddJsonFile(path, optional: false, reloadOnChange: false);
        }

        file.AddConfiguration(settings.GetSection(OverrideSection));
        var root = Build(file, path);
        if (File.Exists(path) && root["version"] != "2.0")
        {
            throw new InvalidDataException($"{path}: 'version' must be \"2.0\".");
        }

        var values = new HostJsonValues(path, root);
        return new HostJson
        {
            RoutePrefix = root["extensions:http:routePrefix"]?.Trim('/') ?? "api",
            Queues = ReadQueues(values),
            DurableTask = ReadDurableTask(values),
            FunctionTimeout = root["functionTimeout"] == "-1" ? null : values.Span("functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1)),
            LogLevels = root.GetSection("logging:logLevel").GetChildren()
                .Where(level => level.Value is not null)
                .ToDictionary(level => level.Key, level => level.Value!, StringComparer.OrdinalIgnoreCase),
        };
    }

    private static IConfigurationRoot Build(ConfigurationBuilder file, string path)
    {
        try
        {
            return file.Build();
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path} is not valid JSON: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private static QueuesHostOptions ReadQueues(HostJsonValues values)
    {
        var batchSize = values.Integer("extensions:queues:batchSize", 16, 1, 32);
        return new QueuesHostOptions
        {
            BatchSize = batchSize,
            NewBatchThreshold = values.Integer("extensions:queues:newBatchThreshold", batchSize / 2, 0, int.MaxValue),
            MaxDequeueCount = values.Integer("extensions:queues:maxDequeueCount", 5, 1, int.MaxValue),
            MaxPollingInterval = values.Span("extensions:queues:maxPollingInterval", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100)),
            VisibilityTimeout = values.Span("extensions:queues:visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero),
            MessageEncoding = values.Value("extensions:queues:messageEncoding", QueueMessageEncoding.Base64, text =>
                Enum.TryParse<QueueMessageEncoding>(text, ignoreCase: true, out var encoding) ? encoding : null),
        };
    }

    private static DurableTaskHostOptions ReadDurableTask(HostJsonValues values) => new()
    {
        HubName = values.Text("extensions:durableTask:hubName"),
        MaxConcurrentActivityFunctions = values.OptionalInteger("extensions:durableTask:maxConcurrentActivityFunctions"),
        MaxConcurrentOrchestratorFunctions = values.OptionalInteger("extensions:durableTask:maxConcurrentOrchestratorFunctions"),
    };
}
