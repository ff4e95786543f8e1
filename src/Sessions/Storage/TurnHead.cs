using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>Which turn of a session was added last. It changes with every turn that is added, and with nothing else.</summary>
/// <param name="TurnId">The newest turn.</param>
/// <param name="ETag">Of the row that says so: who adds a turn under this tag knows that no other came in between.</param>
public sealed record TurnHead(TurnId TurnId, string ETag);
