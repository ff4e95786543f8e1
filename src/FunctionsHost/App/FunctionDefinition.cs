using System.Text.Json.Nodes;

namespace FunctionsBroker.FunctionsHost.App;

/// <summary>A binding of a function, as the worker's build writes it into <c>functions.metadata</c>.</summary>
/// <param name="Direction"><c>In</c>, <c>Out</c> or <c>InOut</c>.</param>
/// <param name="Json">All of it.</param>
internal sealed record FunctionBinding(string Name, string Type, string Direction, JsonObject Json)
{
    public const string HttpTrigger = "httpTrigger";
    public const string DurableClient = "durableClient";
    public const string Queue = "queue";

    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the worker makes the parameter's value itself, of a reference to the data.</summary>
    public bool IsDeferred => bool.TryParse(Json["properties"]?["supportsDeferredBinding"]?.ToString(), out var deferred) && deferred;

    public bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    public string? Text(string property) =>
        Json.FirstOrDefault(pair => pair.Key.Equals(property, StringComparison.OrdinalIgnoreCase)).Value?.ToString();
}

/// <summary>A function of the app.</summary>
internal sealed record FunctionDefinition(string Name, string ScriptFile, string EntryPoint, string Language, IReadOnlyList<FunctionBinding> Bindings)
{
    private static readonly string[] s_triggers =
        [FunctionBinding.HttpTrigger, "queueTrigger", "timerTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger"];

    private static readonly string[] s_bindings = [FunctionBinding.DurableClient, FunctionBinding.Queue, "http"];

    public FunctionBinding Trigger { get; } = Bindings.First(binding => binding.IsTrigger);

    public bool IsHttp => Trigger.Is(FunctionBinding.HttpTrigger);

    /// <summary>The parameters that take the Durable client.</summary>
    public IEnumerable<FunctionBinding> DurableClients => Bindings.Where(binding => binding.Is(FunctionBinding.DurableClient));

    /// <summary>Where results go that are messages.</summary>
    public IEnumerable<FunctionBinding> QueueOutputs =>
        Bindings.Where(binding => binding.Is(FunctionBinding.Queue) && binding.Direction.Equals("Out", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="HostException">The function has no trigger, or needs a binding that this host does not have.</exception>
    public static FunctionDefinition Read(JsonObject json)
    {
        var name = Required(json, "name", "a function");
        FunctionBinding[] bindings =
        [
            .. (json["bindings"] as JsonArray ?? []).OfType<JsonObject>().Select(binding => new FunctionBinding(
                Required(binding, "name", name), Required(binding, "type", name), binding["direction"]?.ToString() ?? "In", binding)),
        ];
        var unknown = bindings.FirstOrDefault(binding => !(binding.IsTrigger ? s_triggers : s_bindings).Contains(binding.Type, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            throw new HostException(ExitCodes.App, $"function {name} has a binding of type {unknown.Type}; this host has {string.Join(", ", s_triggers)}, {FunctionBinding.DurableClient} and queue output");
        }

        if (bindings.Count(binding => binding.IsTrigger) != 1)
        {
            throw new HostException(ExitCodes.App, $"function {name} must have one trigger, but has {bindings.Count(binding => binding.IsTrigger)}");
        }

        return new FunctionDefinition(name, Required(json, "scriptFile", name), Required(json, "entryPoint", name), Required(json, "language", name), bindings);
    }

    private static string Required(JsonObject json, string property, string owner) =>
        json[property]?.ToString() ?? throw new HostException(ExitCodes.App, $"functions.metadata: {owner} has no '{property}'; build the app again");
}
