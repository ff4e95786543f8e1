namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>An error of this API.</summary>
internal sealed record ErrorBody(ErrorPart Error);
