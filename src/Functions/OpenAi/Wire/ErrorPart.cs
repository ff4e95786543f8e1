namespace FunctionsBroker.Functions.OpenAi.Wire;

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
