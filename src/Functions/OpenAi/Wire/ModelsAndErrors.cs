namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The answer to <c>GET /v1/models</c>.</summary>
internal sealed record ModelList(IReadOnlyList<ModelEntry> Data)
{
    public string Object { get; } = "list";
}

/// <summary>A profile as a model.</summary>
/// <param name="Id">The profile's name.</param>
/// <param name="Created">Seconds since 1970; since when the oldest living host that has it runs.</param>
internal sealed record ModelEntry(string Id, long Created)
{
    public string Object { get; } = "model";

    public string OwnedBy { get; } = "functions-broker";
}

/// <summary>An error of this API.</summary>
internal sealed record ErrorBody(ErrorPart Error);

/// <summary>What went wrong, in the words of this API.</summary>
internal sealed record ErrorPart
{
    public required string Message { get; init; }

    public required string Type { get; init; }

    /// <summary>Which part of the request is meant; null when it is none.</summary>
    public string? Param { get; init; }

    /// <summary>What clients of this API know; the broker's own code where it has no word for it.</summary>
    public required string Code { get; init; }

    /// <summary>The broker's own code, see docs/protocol.md.</summary>
    public required string Problem { get; init; }
}
