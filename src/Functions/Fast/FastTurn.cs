using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>A turn that was given to its host ahead of its mailbox.</summary>
/// <param name="Answer">What the host has said so far.</param>
/// <param name="Ended">The turn once it has ended; null when this front did not hear of that from the host. Never fails.</param>
internal sealed record FastTurn(FastAnswer Answer, Task<TurnRecord?> Ended);
