namespace FunctionsBroker.TestKit.Storage;

/// <summary>The ports of an Azurite's services.</summary>
public sealed record AzuritePorts(int Blob, int Queue, int Table);
