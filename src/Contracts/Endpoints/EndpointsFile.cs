namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>The file <c>endpoints.json</c> that <c>broker up</c> writes: where every part is and which process it is.</summary>
public sealed record EndpointsFile
{
    public required FrontEndpoint Front { get; init; }

    public required IReadOnlyList<HostEndpoint> Hosts { get; init; }

    public required StorageEndpoint Storage { get; init; }

    /// <summary>The loopback model; present in the demo only.</summary>
    public ModelEndpoint? Model { get; init; }
}

/// <summary>The Functions app.</summary>
/// <param name="Key">The function key for the front's API.</param>
public sealed record FrontEndpoint(Uri Url, string Key, int Pid)
{
    /// <summary>The key for the OpenAI-compatible calls under <c>/v1</c>; it opens nothing else.</summary>
    public string OpenAiKey { get; init; } = string.Empty;
}

/// <summary>One session host.</summary>
public sealed record HostEndpoint(string Id, Uri Url, int Pid);

/// <summary>Azurite.</summary>
public sealed record StorageEndpoint(string ConnectionString, int Pid);

/// <summary>The loopback model.</summary>
public sealed record ModelEndpoint(Uri Url, int Pid);
