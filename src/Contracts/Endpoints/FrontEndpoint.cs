namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>The Functions app.</summary>
/// <param name="Key">The function key for the front's API.</param>
public sealed record FrontEndpoint(Uri Url, string Key, int Pid);
