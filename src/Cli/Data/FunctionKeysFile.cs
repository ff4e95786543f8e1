namespace FunctionsBroker.Cli.Data;

/// <summary>The file <c>secrets/host.json</c>, in the shape in which the Functions host keeps its keys.</summary>
internal sealed record FunctionKeysFile(FunctionKey MasterKey, IReadOnlyList<FunctionKey> FunctionKeys, IReadOnlyList<FunctionKey> SystemKeys);
