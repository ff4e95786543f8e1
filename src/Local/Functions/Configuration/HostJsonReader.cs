using Azure.Storage.Queues;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Reads host.json; settings <c>AzureFunctionsJobHost__path__to__key</c> override its values, as on the real host.</summary>
internal static class HostJsonReader
{
    public const string FileName = "host.json";

    private const string LogLevelSection = "logging:logLevel";

    private static readonly TimeSpan s_unlimited = TimeSpan.FromDays(-1);

    /// <exception cref="InvalidDataException">The file is malformed, or some of its values are; the message names file, place and key of each.</exception>
    public static HostJson Read(string scriptRoot, IConfiguration settings)
    {
        var file = JsonFile.Read(Path.Combine(scriptRoot, FileName));
        var values = new HostJsonValues(file, settings);
        var warnings = new List<string>();
        HostJsonKeys.Check(file, values.Faults, warnings);
        CheckVersion(file, values);
        var host = new HostJson
        {
            Http = ReadHttp(values),
            Queues = ReadQueues(values),
            DurableTask = ReadDurableTask(values),
            FunctionTimeout = ReadTimeout(values),
            Functions = values.List("functions"),
            LogLevels = ReadLogLevels(values),
            Warnings = warnings,
        };
        values.ThrowIfFaulty();
        return host;
    }

    // A file without any key is the real host's default one.
    private static void CheckVersion(JsonFile file, HostJsonValues values)
    {
        if (file.Tokens.Count > 0 && values.Read("version", "\"2.0\"", version => version == "2.0" ? version : null) is null && !file.Tokens.ContainsKey("version"))
        {
            values.Faults.Add($"{file.Path}: 'version' is missing; it must be \"2.0\".");
        }
    }

    private static HttpHostOptions ReadHttp(HostJsonValues values) => new()
    {
        RoutePrefix = values.Read("extensions:http:routePrefix", "a path without what a route may not hold", ParsePrefix) ?? "api",
        MaxOutstandingRequests = ReadRequests(values, "extensions:http:maxOutstandingRequests"),
        MaxConcurrentRequests = ReadRequests(values, "extensions:http:maxConcurrentRequests"),
        CustomHeaders = values.Map("extensions:http:customHeaders"),
    };

    private static string? ParsePrefix(string text)
    {
        try
        {
            return RoutePatternFactory.Parse(text.Trim('/')).RawText;
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }

    // -1 is without limit.
    private static int? ReadRequests(HostJsonValues values, string key) =>
        values.Read<int?>(key, "a whole number of at least 1, or -1 for no limit", text =>
            int.TryParse(text, out var number) && number is -1 or >= 1 ? number : null) is { } limit and not -1 ? limit : null;

    private static QueuesHostOptions ReadQueues(HostJsonValues values)
    {
        var batchSize = values.Integer("extensions:queues:batchSize", 16, 1, 32);
        return new QueuesHostOptions
        {
            BatchSize = batchSize,
            NewBatchThreshold = values.Integer("extensions:queues:newBatchThreshold", batchSize / 2 * Environment.ProcessorCount, 0, int.MaxValue),
            MaxDequeueCount = values.Integer("extensions:queues:maxDequeueCount", 5, 1, int.MaxValue),
            MaxPollingInterval = values.Span("extensions:queues:maxPollingInterval", TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(100)),
            VisibilityTimeout = values.Span("extensions:queues:visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero),
            MessageEncoding = values.Choice("extensions:queues:messageEncoding", QueueMessageEncoding.Base64),
        };
    }

    private static DurableTaskHostOptions ReadDurableTask(HostJsonValues values) => new()
    {
        HubName = values.Text("extensions:durableTask:hubName"),
        MaxConcurrentActivityFunctions = values.OptionalInteger("extensions:durableTask:maxConcurrentActivityFunctions", 1, int.MaxValue),
        MaxConcurrentOrchestratorFunctions = values.OptionalInteger("extensions:durableTask:maxConcurrentOrchestratorFunctions", 1, int.MaxValue),
    };

    // "-1" is without limit; it is also how a time span says minus one day.
    private static TimeSpan? ReadTimeout(HostJsonValues values) =>
        values.Span("functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1), s_unlimited) is var timeout && timeout == s_unlimited ? null : timeout;

    private static Dictionary<string, LogLevel> ReadLogLevels(HostJsonValues values) =>
        values.Map(LogLevelSection).Keys.ToDictionary(
            category => category,
            category => values.Choice($"{LogLevelSection}:{category}", LogLevel.Information),
            StringComparer.OrdinalIgnoreCase);
}
