namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>Where the Messages API is and what it asks for: from the same variables that the CLI reads.</summary>
public sealed record ApiCredentials
{
    /// <summary>Null is the vendor's own address.</summary>
    public string? BaseUrl { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>A bearer token, for gateways.</summary>
    public string? AuthToken { get; init; }

    public bool Any => ApiKey is not null || AuthToken is not null;

    /// <param name="environment">The host's own.</param>
    public static ApiCredentials From(IReadOnlyDictionary<string, string> environment) => new()
    {
        BaseUrl = environment.GetValueOrDefault("ANTHROPIC_BASE_URL"),
        ApiKey = environment.GetValueOrDefault("ANTHROPIC_API_KEY"),
        AuthToken = environment.GetValueOrDefault("ANTHROPIC_AUTH_TOKEN"),
    };
}
