namespace FunctionsBroker.Cli.Data;

/// <summary>The file <c>secrets/broker.json</c>.</summary>
internal sealed record InternalKeys(string CallbackKey, string HostKey);
