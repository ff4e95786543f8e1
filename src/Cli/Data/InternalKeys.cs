namespace FunctionsBroker.Cli.Data;

/// <summary>The file <c>keys.json</c>: what front and hosts show each other. Not in the folder of function keys, whose every file the runtime reads.</summary>
/// <param name="Storage">Null in the file of a folder from before storage had an account of its own.</param>
internal sealed record InternalKeys(string CallbackKey, string HostKey, StorageAccount? Storage);
