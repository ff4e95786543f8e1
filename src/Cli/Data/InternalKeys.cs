namespace FunctionsBroker.Cli.Data;

/// <summary>The file <c>keys.json</c>: what front and hosts show each other. Not in the folder of function keys, whose every file the runtime reads.</summary>
internal sealed record InternalKeys(string CallbackKey, string HostKey);
