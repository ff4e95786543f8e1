using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>A turn that was given to its host ahead of its mailbox.</summary>
/// <param name="Accepted">Whether the host has said that it has the turn.</param>
/// <param name="Ended">The turn once it has ended; null when this front did not hear of that from the host. Never fails.</param>
internal sealed record FastTurn(bool Accepted, Task<TurnRecord?> Ended);
