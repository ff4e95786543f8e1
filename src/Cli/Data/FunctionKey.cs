namespace FunctionsBroker.Cli.Data;

/// <summary>A key of the Functions host.</summary>
internal sealed record FunctionKey(string Name, string Value, bool Encrypted = false);
