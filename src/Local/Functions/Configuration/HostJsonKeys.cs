using System.Text.Json;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>The keys that the Functions host knows in host.json.</summary>
/// <remarks>Source: https://learn.microsoft.com/azure/azure-functions/functions-host-json and the options classes of the host and of its extensions.</remarks>
internal static class HostJsonKeys
{
    private const string DurableTask = "extensions:durableTask";

    // A section's own keys are known one by one.
    private static readonly HashSet<string> s_sections = new(StringComparer.OrdinalIgnoreCase)
    {
        "extensions", "extensions:http", "extensions:queues", DurableTask, "logging",
    };

    // What is below these is not for this runtime to judge.
    private static readonly HashSet<string> s_keys = new(
        [
            "version", "aggregator", "concurrency", "customHandler", "extensionBundle", "functionTimeout", "functions", "healthMonitor",
            "isDefaultHostConfig", "managedDependency", "metadataProviderTimeout", "retry", "sendCanceledInvocationsToWorker", "singleton",
            "telemetryMode", "watchDirectories", "watchFiles",
            .. Below("logging", "applicationInsights", "console", "fileLoggingMode", "logLevel"),
            .. Below(
                "extensions:http", "customHeaders", "dynamicThrottlesEnabled", "enableChunkedRequestBinding", "hsts", "maxConcurrentRequests",
                "maxOutstandingRequests", "routePrefix"),
            .. Below(
                "extensions:queues", "batchSize", "maxDequeueCount", "maxPollingInterval", "messageEncoding", "newBatchThreshold",
                "visibilityTimeout"),
            .. Below(
                DurableTask, "appLeaseOptions", "customLifeCycleNotificationHelperType", "defaultVersion", "entityMessageReorderWindowInMinutes",
                "extendedSessionIdleTimeoutInSeconds", "extendedSessionsEnabled", "grpcHttpClientTimeout", "httpSettings", "hubName",
                "localRpcEndpointEnabled", "logReplayEvents", "maxConcurrentActivityFunctions", "maxConcurrentEntityFunctions",
                "maxConcurrentOrchestratorFunctions", "maxEntityOperationBatchSize", "maxGrpcMessageSizeInBytes", "maxOrchestrationActions",
                "maxQueuePollingInterval", "notifications", "overridableExistingInstanceStates", "overridableStates",
                "rollbackEntityOperationsOnExceptions", "storageProvider", "storeInputsInOrchestrationHistory",
                "throwStatusExceptionsOnRaiseEvent", "tracing", "useAppLease", "useGracefulShutdown", "useTablePartitionManagement",
                "versionFailureStrategy", "versionMatchStrategy", "versioning"),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at every key of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="faults">Takes the sections that are no objects.</param>
    /// <param name="warnings">Takes the keys that nothing knows; the real host ignores them without a word.</param>
    public static void Check(JsonFile file, ICollection<string> faults, ICollection<string> warnings)
    {
        foreach (var (key, token) in file.Tokens)
        {
            if (s_sections.Contains(key))
            {
                if (token.Kind is not (JsonValueKind.Object or JsonValueKind.Null))
                {
                    faults.Add($"{file.PlaceOf(key)}: '{HostJsonValues.Shown(key)}' must be an object, and is {token.Description}.");
                }
            }
            else if (IsOfSection(key) && !s_keys.Contains(key))
            {
                warnings.Add($"{file.PlaceOf(key)}: '{HostJsonValues.Shown(key)}' is not a key that the host, or an extension of this app, knows; it is ignored.");
            }
        }
    }

    private static bool IsOfSection(string key) =>
        key.LastIndexOf(':') is var end && (end < 0 || s_sections.Contains(key[..end]));

    private static IEnumerable<string> Below(string section, params string[] names) => names.Select(name => $"{section}:{name}");
}
