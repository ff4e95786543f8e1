namespace FunctionsBroker.Cli.Stack;

/// <summary>What of the operator's environment reaches which part. Everything else stays outside.</summary>
internal static class OperatorEnvironment
{
    private static readonly string[] s_everywhere =
        ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "DOTNET_ROOT", "DOTNET_GCHeapHardLimit", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private static readonly string[] s_cli =
        ["DISABLE_AUTOUPDATER", "DISABLE_TELEMETRY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"];

    /// <summary>Which variables of a cloud provider are passed on, and the switch of the CLI that asks for it.</summary>
    private static readonly (string Switch, string[] Prefixes)[] s_providers =
    [
        ("CLAUDE_CODE_USE_BEDROCK", ["AWS_"]),
        ("CLAUDE_CODE_USE_VERTEX", ["GOOGLE_", "CLOUDSDK_", "GCLOUD_", "CLOUD_ML_REGION", "VERTEX_REGION_"]),
        ("CLAUDE_CODE_USE_FOUNDRY", ["AZURE_"]),
    ];

    /// <summary>What every part needs to run at all.</summary>
    public static Dictionary<string, string> Common(IReadOnlyDictionary<string, string> source) =>
        Pick(source, name => s_everywhere.Contains(name));

    /// <summary>The settings of the front that the operator has in the environment.</summary>
    public static Dictionary<string, string> Front(IReadOnlyDictionary<string, string> source) =>
        Pick(source, name => s_everywhere.Contains(name) || StartsWithAny(name, ["Broker__", "AzureFunctionsJobHost__", "OTEL_"]));

    /// <summary>Whether the front is to tell callers apart.</summary>
    public static bool HasCallers(IReadOnlyDictionary<string, string> source) => source.Keys.Any(name => name.StartsWith("Broker__Callers__", StringComparison.Ordinal));

    /// <summary>The function keys of the callers that the front's settings tell apart.</summary>
    public static IReadOnlyList<string> CallerKeys(IReadOnlyDictionary<string, string> source) =>
    [
        .. source
            .Where(pair => pair.Key.Split("__") is ["Broker", "Callers", _, "Keys", _])
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value),
    ];

    /// <summary>The host's settings, and what the CLI needs to reach its provider.</summary>
    public static Dictionary<string, string> Host(IReadOnlyDictionary<string, string> source)
    {
        var providers = s_providers.Where(provider => IsOn(source, provider.Switch)).SelectMany(provider => provider.Prefixes).ToArray();
        return Pick(source, name => s_everywhere.Contains(name)
            || s_cli.Contains(name)
            || StartsWithAny(name, ["ANTHROPIC_", "CLAUDE_CODE_", "Host__", "OTEL_"])
            || StartsWithAny(name, providers));
    }

    /// <summary>As <see cref="Host"/>, but the CLI talks to the loopback model and to nobody else.</summary>
    public static Dictionary<string, string> HostWithLoopbackModel(IReadOnlyDictionary<string, string> source, Uri model)
    {
        var environment = Pick(source, name => s_everywhere.Contains(name) || StartsWithAny(name, ["Host__", "OTEL_"]));
        environment["ANTHROPIC_BASE_URL"] = model.ToString();
        environment["ANTHROPIC_API_KEY"] = "loopback";
        environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        environment["DISABLE_AUTOUPDATER"] = "1";
        return environment;
    }

    private static Dictionary<string, string> Pick(IReadOnlyDictionary<string, string> source, Func<string, bool> wanted) =>
        source.Where(pair => wanted(pair.Key)).ToDictionary();

    private static bool IsOn(IReadOnlyDictionary<string, string> source, string name) =>
        source.GetValueOrDefault(name) is { Length: > 0 } value && value is not ("0" or "false");

    private static bool StartsWithAny(string name, string[] prefixes) =>
        Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
