namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>The <c>extensions.http</c> section of host.json; HSTS and throttling by load are for the deployed host only.</summary>
internal sealed record HttpHostOptions
{
    /// <summary>The path before every HTTP function's route, without slashes around it. Default <c>api</c>.</summary>
    public required string RoutePrefix { get; init; }

    /// <summary>How many requests may run or wait; more are answered 429. Null is without limit, the default.</summary>
    public required int? MaxOutstandingRequests { get; init; }

    /// <summary>How many requests may run at once; the rest wait. Null is without limit, the default.</summary>
    public required int? MaxConcurrentRequests { get; init; }

    /// <summary>Headers that every response gets.</summary>
    public required IReadOnlyDictionary<string, string> CustomHeaders { get; init; }
}
