namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>How a prompt was delivered.</summary>
/// <param name="Outcome">Never <see cref="TurnOutcome.Repeated"/>.</param>
/// <param name="Notice">What the reader of the reply should know of how it came about.</param>
/// <param name="NextGeneration">From which generation on the prompt's ids are not known to be used up; see <see cref="MessageIds"/>.</param>
public sealed record Delivery(TurnOutcome Outcome, string? Notice, int NextGeneration);
