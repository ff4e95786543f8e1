namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>An exchange as the CLI is told of it.</summary>
internal sealed record SaidBefore(string User, string Assistant);
